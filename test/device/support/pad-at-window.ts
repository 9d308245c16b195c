/** A pad that is enrolled and at rest, asked as the window's own system asks it. */
import type { Device } from '../../../device/device.ts'
import type { PadState } from '../../../device/http/contract.ts'
import type { Hall } from '../../../sync/hall/hall.ts'
import { startTestDevice, startTestHall, temporaryFolder, windowRequest } from './house.ts'
import { bodyOf, openPad, type TestScreen } from './screen.ts'

export interface PadAtWindow {
  hall: Hall
  device: Device
  screen: TestScreen<PadState>
  ask(caseNo: string, more?: object): Promise<{ status: number; body: Record<string, unknown> }>
  /** As the window may see it. */
  stateOf(id: string): Promise<unknown>
  /** Cancels what a test has left open. */
  clear(): Promise<void>
}

/** The body of a request, whole. */
export const evaluation = (caseNo: string, more: object = {}): object => ({
  caseNo,
  itemCode: '11330099MB0A00010R3000101010000',
  itemName: '普通护照申领',
  ...more,
})

export async function startPadAtWindow(parts: AsyncDisposableStack): Promise<PadAtWindow> {
  const hall = await startTestHall(parts)
  const device = await startTestDevice({
    role: 'pad',
    hallUrl: hall.url,
    enrolmentCode: hall.createEnrolmentCode(),
    dataDir: await temporaryFolder(parts),
  })
  parts.defer(() => device.close())
  const screen = await openPad(device.screenUrl)
  parts.defer(() => screen.close())
  return {
    hall,
    device,
    screen,
    async ask(caseNo, more = {}) {
      const response = await windowRequest(device, 'POST', '/evaluations', evaluation(caseNo, more))
      return { status: response.status, body: await bodyOf(response) }
    },
    async stateOf(id) {
      return (await bodyOf(await windowRequest(device, 'GET', `/evaluations/${id}`))).state
    },
    async clear() {
      // A pause and its end cancel a question that is open.
      await windowRequest(device, 'PUT', '/service', { state: 'paused' })
      await windowRequest(device, 'PUT', '/service', { state: 'open' })
      await screen.until(({ view, hall: known }) => view.name === 'rest' && known !== null)
    },
  }
}
