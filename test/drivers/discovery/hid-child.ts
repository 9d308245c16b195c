/** Prints the HID devices of the machine that it runs in. */
import { factsOf } from './discover-here.ts'

process.stdout.write(JSON.stringify((await factsOf()).hid))
