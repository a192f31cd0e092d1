// The certified authorization server oidc-provider on a port of 127.0.0.1, at the addresses of Google and Microsoft.
// node oidc.mjs MODULES LIFE: MODULES is the folder node_modules, LIFE that of an access token in seconds. Prints its
// address as the first line; ends when its input does.
import { createServer } from 'node:http';
import * as crypto from 'node:crypto';
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';

// What Node 18 has not yet.
globalThis.crypto ??= crypto.webcrypto;
URL.parse ??= (url, base) => { try { return new URL(url, base); } catch { return null; } };

if (!crypto.hash) {
  const more = `import { createHash } from 'node:crypto'; export * from 'node:crypto';
    export const hash = (how, of, as) => { const h = createHash(how).update(of); return as === 'buffer' ? h.digest() : h.digest(as); };`;
  register(`data:text/javascript,${encodeURIComponent(`export const resolve = (name, from, next) =>
    name === 'node:crypto' && from.parentURL.startsWith('file:')
      ? { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(more)}`)}, shortCircuit: true } : next(name, from);`)}`);
}

const [modules, life] = process.argv.slice(2);
console.warn = console.info = () => {}; // that this is for development only
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));

const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const device = 'urn:ietf:params:oauth:grant-type:device_code';
const client = {
  application_type: 'native', redirect_uris: ['http://127.0.0.1', 'http://localhost'], response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token', device, 'client_credentials'],
};
const provider = new Provider(issuer, {
  clients: [
    { ...client, client_id: 'client-of-the-school', client_secret: 'Wert~des-Geheimnisses.42', token_endpoint_auth_method: 'client_secret_post' },
    { ...client, client_id: 'client-without-secret', grant_types: client.grant_types.slice(0, 3), token_endpoint_auth_method: 'none' },
    { ...client, client_id: 'client-without-permission', scope: 'openid offline_access email profile', token_endpoint_auth_method: 'none', grant_types: client.grant_types.slice(0, 3) },
    { client_id: 'mail-server', client_secret: 'of-the-mail-server', grant_types: [], response_types: [], redirect_uris: [] },
  ],
  scopes: ['openid', 'offline_access', 'email', 'profile', 'https://mail.google.com/', 'https://outlook.office.com/SMTP.Send', 'https://outlook.office365.com/.default'],
  claims: { openid: ['sub'], email: ['email'], profile: ['preferred_username'] },
  conformIdTokenClaims: false, // who signed in stands in the id token, as with Google and Microsoft
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id, preferred_username: id }) }),
  // Whose mailbox a token opens; that an application may use one is said at the mail service (Add-MailboxPermission).
  extraTokenClaims: (_, token) => ({ mailbox: token.accountId ?? 'library@school.example' }),
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  pkce: { required: (_, of) => of.clientId !== 'mail-server' },
  features: {
    deviceFlow: { enabled: true }, clientCredentials: { enabled: true }, revocation: { enabled: true },
    introspection: { enabled: true, allowedPolicy: (_, of) => of.clientId === 'mail-server' },
  },
  ttl: {
    AccessToken: Number(life), ClientCredentials: Number(life), RefreshToken: 3600, IdToken: 3600, AuthorizationCode: 60,
    DeviceCode: 600, Interaction: 600, Session: 600, Grant: 3600,
  },
});

const answer = provider.callback();
server.on('request', (request, response) => {
  request.url = request.url
    .replace(/^\/o\/oauth2\/v2\/auth\b/, '/auth')
    .replace(/^\/[^/]+\/oauth2\/v2\.0\/authorize\b/, '/auth')
    .replace(/^\/[^/]+\/oauth2\/v2\.0\/token\b/, '/token')
    .replace(/^\/[^/]+\/oauth2\/v2\.0\/devicecode\b/, '/device/auth')
    .replace('prompt=select_account', 'prompt=consent'); // Microsoft's own word
  answer(request, response);
});
process.stdin.resume().on('end', () => process.exit(0));
console.log(issuer);
