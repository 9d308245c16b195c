/** `window24 device` within this process, from a folder that may be bare, and its technician's page without a browser. */
import { join } from 'node:path'
import type { SetupAction, SetupState } from '../../../../device/http/contract/setup.ts'
import { keepRunning, type RunOptions, type Told } from '../../../../device/keep-running.ts'
import { temporaryFolder } from '../../support/house.ts'
import { bodyOf } from '../../support/screen.ts'
import { SILENT } from '../../support/silent.ts'
import { shareTypesetter } from '../../support/typesetter.ts'

/** A PIN that nobody tries first. */
export const PIN = '482915'
/** Far more than any step takes on the busiest machine; only a test that fails waits for it. */
const PATIENCE_MS = 30_000
const LOOK_EVERY_MS = 20

/** Looks until it fits. @throws Error with what was seen last */
export const eventually = async <T>(look: () => Promise<T>, fits: (seen: T) => boolean): Promise<T> => {
  const until = performance.now() + PATIENCE_MS
  for (;;) {
    const seen = await look()
    if (fits(seen)) return seen
    if (performance.now() > until) throw new Error(`it never came: ${JSON.stringify(seen)?.slice(0, 500)}`)
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

export interface Running {
  folder: string
  config: string
  dataDir: string
  origin: string
  /** What was told of the window's listener last. */
  windowUrl(): string | null
  state(): Promise<SetupState>
  until(fits: (state: SetupState) => boolean): Promise<SetupState>
  act(action: SetupAction): Promise<Response>
  /** @throws Error when it was refused */
  done(action: SetupAction): Promise<SetupState>
  /** The code of the refusal. */
  refused(action: SetupAction): Promise<string>
  stop(): Promise<void>
}

export interface RunningOptions extends Partial<Omit<RunOptions, 'config' | 'dataDir'>> {
  /** A bare one unless told otherwise. */
  folder?: string
}

/** @throws DeviceError as `keepRunning` does */
export const runDevice = async (
  parts: AsyncDisposableStack,
  options: RunningOptions = {},
): Promise<Running> => {
  const folder = options.folder ?? (await temporaryFolder(parts))
  const config = join(folder, 'device.json')
  const dataDir = join(folder, 'data')
  const stop = Promise.withResolvers<void>()
  const first = Promise.withResolvers<Told>()
  let told: Told | null = null
  const ended = keepRunning(
    {
      config,
      dataDir,
      openScreen: true,
      listen: { host: '127.0.0.1', port: 0 },
      logger: SILENT,
      documents: shareTypesetter,
      ...options,
    },
    {
      stopAsked: stop.promise,
      tell: (urls) => {
        told = urls
        first.resolve(urls)
      },
    },
  )
  ended.catch(first.reject)
  parts.defer(async () => {
    stop.resolve()
    await ended.catch(() => {})
  })
  const { screenUrl } = await first.promise
  const { origin } = new URL(screenUrl)
  const cookie = options.openScreen === false ? await cookieOf(screenUrl) : ''
  const act = (action: SetupAction): Promise<Response> =>
    fetch(`${origin}/api/setup/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin, cookie },
      body: JSON.stringify(action),
    })
  const state = async (): Promise<SetupState> => {
    const response = await fetch(`${origin}/api/setup/state`, { headers: { cookie } })
    return JSON.parse(await response.text())
  }
  return {
    folder,
    config,
    dataDir,
    origin,
    windowUrl: () => told?.windowUrl ?? null,
    state,
    until: (fits) => eventually(state, fits),
    act,
    async done(action) {
      const response = await act(action)
      const text = await response.text()
      if (response.status !== 200) throw new Error(`${response.status}: ${text}`)
      return JSON.parse(text)
    },
    async refused(action) {
      const response = await act(action)
      const { code } = await bodyOf(response)
      return response.status === 200 ? 'done' : String(code)
    },
    async stop() {
      stop.resolve()
      await ended
    },
  }
}

/** What the browser of this screen keeps. */
const cookieOf = async (screenUrl: string): Promise<string> => {
  const opened = await fetch(screenUrl, { redirect: 'manual' })
  await opened.body?.cancel()
  return opened.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

/** Comes in as the first one ever. */
export const comeIn = (running: Running): Promise<SetupState> =>
  running.done({ room: 'access', action: { type: 'set-pin', pin: PIN } })
