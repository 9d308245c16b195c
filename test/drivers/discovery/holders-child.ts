/** Prints what the user who runs it finds out about the ports in its arguments. */
import { factsOf } from './discover-here.ts'

process.stdout.write(JSON.stringify(await factsOf(undefined, process.argv.slice(2))))
