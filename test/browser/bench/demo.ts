/** `window24 demo` as it is started by whoever tries it: every part a process of its own, moved by the dock's levers. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DockAction, DockState } from '../../../scripts/demo/contract.ts'
import { startDemo } from '../../../scripts/demo/demo.ts'
import { freeBasePort } from '../../free-ports.ts'
import { padScreen, terminalScreen } from '../chromium.ts'
import { openTouchScreen, type TouchScreen } from './screen.ts'

const POLL_MS = 50
const IN_TIME_MS = 10_000

export interface DemoBench {
  terminal: TouchScreen
  pad: TouchScreen
  dock(action: DockAction): Promise<DockState>
  state(): Promise<DockState>
  /** Asks the dock until it is so; fails in words when it is not in time. */
  until(what: string, isSo: (state: DockState) => boolean, withinMs?: number): Promise<DockState>
  /** What came out of a printer, by the address that the dock gives. */
  fetched(url: string): Promise<Buffer>
  close(): Promise<void>
}

export async function openDemo(): Promise<DemoBench> {
  await using starting = new AsyncDisposableStack()
  const dataDir = mkdtempSync(join(tmpdir(), 'window24-demo-'))
  starting.defer(() => rmSync(dataDir, { recursive: true, force: true }))
  const basePort = await freeBasePort()
  const demo = await startDemo({ dataDir, basePort, dev: false })
  starting.defer(() => demo.close())
  const dockUrl = `http://127.0.0.1:${basePort + 3}`
  const [terminal, pad] = await Promise.all([
    openTouchScreen(`http://127.0.0.1:${basePort}/`, terminalScreen),
    openTouchScreen(`http://127.0.0.1:${basePort + 4}/`, padScreen),
  ])
  for (const screen of [terminal, pad]) starting.defer(() => screen.close())
  const parts = starting.move()
  const state = async () => (await (await fetch(`${dockUrl}/dock/state`)).json()) as DockState
  return {
    terminal,
    pad,
    state,
    async dock(action) {
      const response = await fetch(`${dockUrl}/dock/actions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(action),
      })
      if (!response.ok) throw new Error(`the dock refused ${action.type}: ${await response.text()}`)
      return (await response.json()) as DockState
    },
    async until(what, isSo, withinMs = IN_TIME_MS) {
      const deadline = performance.now() + withinMs
      for (;;) {
        const now = await state()
        if (isSo(now)) return now
        if (performance.now() > deadline) throw new Error(`not in time: ${what}`)
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      }
    },
    fetched: async (url) => Buffer.from(await (await fetch(new URL(url, dockUrl))).arrayBuffer()),
    close: () => parts.disposeAsync(),
  }
}
