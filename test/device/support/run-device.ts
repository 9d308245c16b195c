import { deviceCommand } from '../../../device/command.ts'
import { SILENT } from './silent.ts'

process.exitCode = await deviceCommand(process.argv.slice(2), SILENT)
