/** A hall server's process: tells its parent where it is and one enrolment code, and runs until it is killed. */
import { startHall } from '../../../sync/hall/hall.ts'

const [dataDir = '', listen = '127.0.0.1:0'] = process.argv.slice(2)
const hall = await startHall({ dataDir, listen, demo: false })
process.send?.({ url: hall.url, enrolmentCode: hall.createEnrolmentCode() })
