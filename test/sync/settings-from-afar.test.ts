/** Settings that a device was handed out by its hall, over a restart and an update. */
import { expect, test } from 'vitest'
import { downlinkMigrations } from '../../sync/downlink-schema.ts'
import type { HallClient, SettingsAnswer } from '../../sync/hall-client.ts'
import { openSettingsFromAfar } from '../../sync/settings-from-afar.ts'
import { migrate, openDatabase } from '../../sync/sqlite.ts'
import { testFolder } from './support/folder.ts'

function opened(getSettings: HallClient['getSettings']) {
  const db = openDatabase(`${testFolder()}/device.sqlite`)
  migrate(db, downlinkMigrations)
  return { db, settings: openSettingsFromAfar({ db, client: { getSettings } }) }
}

const answer = (version: string, settings: unknown): { ok: true; value: SettingsAnswer } => ({
  ok: true,
  value: { changed: true, version, settings },
})

test('what this version ignores is kept for the next one, and does not count before', async () => {
  const handedOut = { theme: 'day', brightness: 7 }
  const { db, settings } = opened(async () => answer('V1', handedOut))
  expect(await settings.refresh()).toEqual({ ok: true, changed: true, ignored: ['brightness'] })
  expect(settings.current()).toEqual({ theme: 'day' })
  const [row] = db.prepare<[], { text: string }>('SELECT text FROM downlink_settings').all()
  expect(JSON.parse(row?.text ?? '')).toEqual(handedOut)
  const again = openSettingsFromAfar({ db, client: { getSettings: async () => answer('V1', handedOut) } })
  expect(again.current()).toEqual({ theme: 'day' })
})

test('settings beyond all measure are not kept; those before stay', async () => {
  let next: unknown = { theme: 'night' }
  const { settings } = opened(async () => answer(`V${JSON.stringify(next).length}`, next))
  await settings.refresh()
  next = { theme: 'day', more: 'x'.repeat(70_000) }
  expect(await settings.refresh()).toEqual({ ok: false, detail: 'the settings are too long' })
  expect(settings.current()).toEqual({ theme: 'night' })
})

test('a change that is told while an answer is on its way is fetched after it, once', async () => {
  const answers = [
    Promise.withResolvers<ReturnType<typeof answer>>(),
    Promise.withResolvers<ReturnType<typeof answer>>(),
  ]
  let asked = 0
  const { settings } = opened(async () => {
    const waiting = answers[asked]
    asked += 1
    if (waiting === undefined) throw new Error('asked too often')
    return await waiting.promise
  })
  const first = settings.refresh()
  const later = [settings.refresh(), settings.refresh()]
  answers[0]?.resolve(answer('V1', { theme: 'day' }))
  await first
  answers[1]?.resolve(answer('V2', { theme: 'night' }))
  await Promise.all(later)
  expect([asked, settings.current(), settings.version()]).toEqual([2, { theme: 'night' }, 'V2'])
})
