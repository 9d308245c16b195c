/** Settings from afar, from a real hall's hall.json to what the screens of real devices show. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parseConfiguration } from '../../device/configuration.ts'
import type { Service, TerminalState } from '../../device/http/contract.ts'
import { applySettings } from '../../device/settings.ts'
import { readSettings } from '../../sync/protocol/settings.ts'
import { newFolder, startTestHall, type TestHall } from '../sync/hall/helpers.ts'
import { startTestDevice, temporaryFolder } from './support/house.ts'
import { openPad, openTerminal } from './support/screen.ts'

let parts: AsyncDisposableStack
let hall: TestHall
beforeEach(async () => {
  parts = new AsyncDisposableStack()
  hall = await startTestHall({ dataDir: newFolder(), demo: true })
  parts.defer(() => hall.close())
})
afterEach(() => parts.disposeAsync())

function set(settings: object): void {
  writeFileSync(join(hall.dataDir, 'hall.json'), JSON.stringify({ settings }), { mode: 0o600 })
  hall.hall.reload()
}

async function start(role: 'terminal' | 'pad') {
  const dataDir = await temporaryFolder(parts)
  const options = { role, hallUrl: hall.hall.url, dataDir, peripherals: {} }
  const device = await startTestDevice({ ...options, enrolmentCode: hall.hall.createEnrolmentCode() })
  let running = true
  const close = async (): Promise<void> => {
    if (running) await device.close()
    running = false
  }
  parts.defer(close)
  return { url: device.screenUrl, dataDir, close, options }
}

/** By the hour either theme may stand already: what is offered tells that the settings have come. */
const offers = ({ tiles }: TerminalState, service: Service): boolean =>
  tiles.find((tile) => tile.service === service)?.unavailable !== 'not-offered'

test('theme, sound and services of a terminal follow the hall, while it runs', async () => {
  const screen = await openTerminal((await start('terminal')).url)
  parts.defer(() => screen.close())
  await screen.until(({ hall }) => hall !== null)
  for (const theme of ['night', 'day'] as const) {
    set({
      hall: { theme, sound: theme === 'day' ? 'off' : 'on' },
      roles: { terminal: { services: ['guides'] } },
    })
    const { tiles } = await screen.until((state) => {
      return (
        state.theme === theme && state.preferences.sound === (theme === 'night') && !offers(state, 'progress')
      )
    })
    expect(tiles.find(({ service }) => service === 'guides')?.unavailable).toBeNull()
  }
})

test('a citizen who has made a wish keeps it; the next one begins with what the hall has set', async () => {
  const screen = await openTerminal((await start('terminal')).url)
  parts.defer(() => screen.close())
  await screen.until(({ view }) => view.name === 'rest')
  await screen.act({ type: 'wake' })
  await screen.act({ type: 'prefer', preferences: { language: 'en' } })
  set({ hall: { sound: 'off', services: ['guides'] } })
  const now = await screen.until((state) => !offers(state, 'progress'))
  expect(now.preferences).toMatchObject({ language: 'en', sound: true })
  await screen.act({ type: 'end' })
  const ended = await screen.until(({ view }) => view.name === 'ending')
  expect(ended.preferences).toMatchObject({ language: 'zh', sound: false })
})

test('the notices of a pad at rest are hidden and shown by the hall', async () => {
  const screen = await openPad((await start('pad')).url)
  parts.defer(() => screen.close())
  await screen.until(({ view }) => view.name === 'rest' && view.notices.length > 0)
  set({ roles: { pad: { notices: 'hidden', sound: 'off' } } })
  const { preferences } = await screen.until(({ view }) => view.name === 'rest' && view.notices.length === 0)
  expect(preferences.sound).toBe(false)
})

test('what was set stays set after a restart, with the hall away', async () => {
  const { url, close, options } = await start('terminal')
  const screen = await openTerminal(url)
  set({ hall: { services: ['progress'] } })
  await screen.until((state) => !offers(state, 'guides'))
  screen.close()
  await close()
  await hall.hall.close()
  const again = await startTestDevice(options)
  parts.defer(() => again.close())
  const later = await openTerminal(again.screenUrl)
  parts.defer(() => later.close())
  const state = await later.until(({ view }) => view.name !== 'not-enrolled')
  expect([offers(state, 'guides'), offers(state, 'progress')]).toEqual([false, true])
  hall = await startTestHall()
})

describe('what a device takes of a hall’s answer', () => {
  test('is what the allow-list has, each by itself; the rest is left alone and told by name', () => {
    const read = readSettings({
      theme: 'night',
      sound: 'louder',
      screen: { listen: '0.0.0.0:80' },
      hall: { url: 'https://evil.example' },
      __proto__: { theme: 'day' },
      [`x${'y'.repeat(100)}`]: 1,
      'a\nb': 1,
      idle: { seconds: 1, warningSeconds: 30 },
    })
    expect(read?.settings).toEqual({ theme: 'night' })
    expect(read?.ignored).toEqual(['sound', 'screen', 'hall', `x${'y'.repeat(31)}`, 'a strange name', 'idle'])
  })

  test.each([null, [], 'theme', 7])('is nothing when it is %j', (value) => {
    expect(readSettings(value)).toBeNull()
  })

  test('leaves everything else as its own configuration has it', () => {
    const parsed = parseConfiguration({
      role: 'terminal',
      device: { name: '东门' },
      hall: { url: 'http://127.0.0.1:1' },
      services: ['guides'],
    })
    if (!parsed.ok) throw new Error(parsed.faults.join())
    const { configuration } = parsed
    const unset = applySettings(configuration, {})
    expect(unset).toMatchObject({
      night: configuration.screen.night,
      services: ['guides'],
      showNotices: true,
    })
    const applied = applySettings(configuration, {
      hours: { nightFrom: '20:00', nightTo: '06:00' },
      idle: { seconds: 90, warningSeconds: 60 },
    })
    expect(applied).toEqual({
      ...unset,
      night: { from: '20:00', to: '06:00' },
      timings: { idle: 90_000, warning: 60_000, ending: unset.timings.ending },
    })
  })
})
