"""A mail server on loopback that takes everything and keeps it: sink.py PORTFILE MAILFILE

Writes its port into PORTFILE once it listens, and each message it took into MAILFILE, envelope first.
"""
import socketserver
import sys


class Session(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self):
        self.say("220 sink.example ESMTP")
        envelope = []
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb in (b"EHLO", b"HELO"):
                self.say("250-sink.example\r\n250-8BITMIME\r\n250 SIZE 52428800")
            elif verb in (b"MAIL", b"RCPT"):
                envelope.append(line)
                self.say("250 2.1.0 Ok")
            elif verb == b"DATA":
                self.say("354 End data with <CR><LF>.<CR><LF>")
                body = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    body.append(line[1:] if line.startswith(b".") else line)
                if line:
                    with open(sys.argv[2], "ab") as out:
                        out.write(b"".join(envelope + body) + b"\n")
                    self.say("250 2.0.0 Ok: kept")
                envelope = []
            elif verb == b"QUIT":
                self.say("221 2.0.0 Bye")
                return
            else:
                self.say("250 2.0.0 Ok")
            self.wfile.flush()


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


with Server(("127.0.0.1", 0), Session) as server:
    with open(sys.argv[1] + ".new", "w") as out:
        out.write(str(server.server_address[1]))
    import os
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    server.serve_forever()
