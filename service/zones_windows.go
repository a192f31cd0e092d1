package main

import _ "time/tzdata" // Windows has no zone files: calendars name zones (Europe/Paris), and their days would be off by hours
