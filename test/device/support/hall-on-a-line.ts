/** A demonstration hall, and the enrolled client of a terminal on a line to it that can be cut. */
import { rmSync } from 'node:fs'
import { createHallClient, type HallClient } from '../../../sync/hall-client.ts'
import { type Identity, loadIdentity } from '../../../sync/identity.ts'
import { newFolder, startTestHall, type TestHall } from '../../sync/hall/helpers.ts'
import { type KeptLog, keptLog } from '../../sync/hall/support/log.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

export interface HallOnALine {
  hall: TestHall
  line: TcpProxy
  client: HallClient
  identity: Identity
  /** What the hall has written down: it has done what is told of there, whoever hears of it. */
  log: KeptLog
  close(): Promise<void>
}

/** @param hallTimeMs what the hall takes for now when the terminal enrols (milliseconds since 1970) */
export async function hallOnALine(hallTimeMs = Date.now()): Promise<HallOnALine> {
  const log = keptLog()
  const hall = await startTestHall({ demo: true, logger: log.logger })
  hall.clock.advance(hallTimeMs - hall.clock.now().getTime())
  const line = await startTcpProxy(Number(new URL(hall.hall.url).port))
  const folder = newFolder()
  const identity = loadIdentity(folder)
  const client = createHallClient({ url: `http://127.0.0.1:${line.port}`, identity })
  const joined = await client.enrol({
    enrolmentCode: hall.hall.createEnrolmentCode(),
    role: 'terminal',
    name: '一号',
    window: null,
    software: '0',
  })
  if (!joined.ok) throw new Error(`the terminal could not enrol: ${JSON.stringify(joined)}`)
  return {
    hall,
    line,
    client,
    identity,
    log,
    async close() {
      await line.close()
      await hall.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
