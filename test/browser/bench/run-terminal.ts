/** One terminal as a process of its own, for what only a process can show: its memory, and its sudden end. */
import { parseConfiguration } from '../../../device/configuration.ts'
import { startDevice } from '../../../device/device.ts'
import { SILENT } from '../../device/support/silent.ts'

const [configuration = '', dataDir = '', sessionTimings = ''] = process.argv.slice(2)
const parsed = parseConfiguration(JSON.parse(configuration))
if (!parsed.ok) throw new Error(parsed.faults.join('\n'))
const device = await startDevice({
  configuration: parsed.configuration,
  dataDir,
  openScreen: true,
  logger: SILENT,
  sessionTimings: JSON.parse(sessionTimings),
})
process.once('disconnect', () => void device.close().then(() => process.exit()))
process.send?.({ screenUrl: device.screenUrl })
