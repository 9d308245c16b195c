/** Opens the port in its argument as whoever runs it, and prints what came of it as JSON. */
import { openPort } from '../../../drivers/transport/open-port.ts'

const opened = await openPort(process.argv[2] ?? '')
process.stdout.write(JSON.stringify(opened.ok ? { ok: true } : opened))
process.exit()
