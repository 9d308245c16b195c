import type { Connection } from '../../../drivers/transport/connection.ts'
import { openPort, type Wants } from '../../../drivers/transport/open-port.ts'
import { closing } from '../support.ts'

/** Opens a port that must open; closed at the end of the test. */
export async function connect(port: string): Promise<Connection> {
  const opened = await openPort(port)
  if (!opened.ok) throw new Error(opened.detail)
  return closing(opened.link)
}

/** Why a port that must not open could not be opened. */
export async function refusal(port: string, wants?: Wants): Promise<string> {
  const opened = await openPort(port, undefined, wants)
  if (!opened.ok) return opened.detail
  await opened.link.close()
  throw new Error(`${port} was opened`)
}
