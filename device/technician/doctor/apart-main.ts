/** The process that looks: apart-main.ts SCRIPT [arguments of the doctor]. Its parent ends it. */
import { doctor } from './command.ts'

const [script = '', ...args] = process.argv.slice(2)
process.send?.(await doctor(args, script))
