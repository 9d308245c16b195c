/** Pads as `window24 device` runs them, each a process of its own, on a line to a hall that can be cut. */
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PadAction, PadState } from '../../../device/http/contract.ts'
import { type DeviceProcess, startDeviceProcess } from '../../device/support/device-process.ts'
import { deviceJson, windowRequest } from '../../device/support/house.ts'
import { processorMs } from '../delivery/processes.ts'

/** As installed: its sources are compiled once and read from there. */
const INSTALLED = { NODE_COMPILE_CACHE: join(tmpdir(), 'w24-pad-compiled'), NODE_OPTIONS: '' }
const BRIEF = ['--import', fileURLToPath(new URL('./brief.ts', import.meta.url))]
const LOOK_EVERY_MS = 20

export interface PadProcess {
  screenUrl: string
  /** From the start of its process until it could be used. */
  startMs: number
  /** What of that was its own work: unlike the clock it says the same on a busy machine. */
  startProcessorMs: number
  window(method: string, path: string, body?: object): Promise<Response>
  act(action: PadAction): Promise<PadState>
  state(): Promise<PadState>
  until(isSo: (state: PadState) => boolean, withinMs: number): Promise<PadState>
  /** As `systemctl stop` does. */
  stop(): Promise<void>
}

/** @param thanksMs how long thanks stand; null: as they do at a window */
export async function startPad(
  folder: string,
  {
    hallUrl,
    enrolmentCode,
    thanksMs = null,
  }: { hallUrl: string; enrolmentCode: string; thanksMs?: number | null },
): Promise<PadProcess> {
  mkdirSync(folder, { recursive: true })
  const config = join(folder, 'device.json')
  writeFileSync(config, JSON.stringify(deviceJson({ role: 'pad', hallUrl, enrolmentCode })))
  const env = { ...INSTALLED, ...(thanksMs !== null && { BENCH_THANKS_MS: String(thanksMs) }) }
  const began = performance.now()
  const device: DeviceProcess = await startDeviceProcess(
    config,
    join(folder, 'data'),
    thanksMs === null ? [] : BRIEF,
    env,
  )
  const startMs = performance.now() - began
  const startProcessorMs = processorMs(device.child.pid ?? 0)
  const { origin } = new URL(device.screenUrl)
  const stateIn = async (answer: Response): Promise<PadState> => (await answer.json()) as PadState
  const state = async (): Promise<PadState> => await stateIn(await fetch(`${origin}/api/state`))
  return {
    screenUrl: device.screenUrl,
    startMs,
    startProcessorMs,
    window: (method, path, body) => windowRequest(device, method, path, body),
    async act(action) {
      const answer = await fetch(`${origin}/api/actions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify(action),
      })
      if (answer.status !== 200) throw new Error(`${action.type}: ${answer.status} ${await answer.text()}`)
      return await stateIn(answer)
    },
    state,
    async until(isSo, withinMs) {
      const end = performance.now() + withinMs
      for (;;) {
        const now = await state()
        if (isSo(now)) return now
        if (performance.now() > end)
          throw new Error(`not within ${withinMs} ms: ${isSo}; ${JSON.stringify(now.line)}`)
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
      }
    },
    async stop() {
      const gone = once(device.child, 'exit')
      device.child.kill('SIGTERM')
      await gone
    },
  }
}

export const ITEM = { itemCode: '11330099MB0A00010R3000101010000', itemName: '普通护照申领' }

/** Asks for the rating of one case. @returns the evaluation's id */
export async function ask(pad: PadProcess, caseNo: string): Promise<string> {
  const answer = await pad.window('POST', '/evaluations', { caseNo, ...ITEM })
  if (answer.status !== 201) throw new Error(`the pad answered ${answer.status}: ${await answer.text()}`)
  const { id } = (await answer.json()) as { id: string }
  return id
}
