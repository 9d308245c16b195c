/** Settings that the hall hands out (PROTOCOLS.md §1.4), kept on the device: the last good ones for as long as it takes. */
import type { HallClient } from './hall-client.ts'
import { type DeviceSettings, readSettings } from './protocol/settings.ts'
import type { Db } from './sqlite.ts'

/** All settings of all versions to come, many times over; kept whole, so that they must end somewhere. */
const MAX_TEXT_CHARACTERS = 64 * 1024

export interface HeldSettings {
  /** The hall's ETag. */
  version: string
  settings: DeviceSettings
}

export type SettingsRefresh =
  /** `ignored`: names that are not on the allow-list, or whose value is none; they change nothing here. */
  { ok: true; changed: boolean; ignored: readonly string[] } | { ok: false; detail: string }

export interface SettingsFromAfar {
  /** Empty before the first. */
  current(): DeviceSettings
  version(): string | null
  /** Called when others have taken their place; returns how to stop listening. */
  onSettings(listener: (settings: DeviceSettings) => void): () => void
  /**
   * Fetches what the hall has now; what cannot be taken leaves the last ones in force. Calls during one share a single
   * one after it: the answer on its way may be from before what they were called for.
   */
  refresh(): Promise<SettingsRefresh>
}

export function openSettingsFromAfar(options: {
  db: Db
  client: Pick<HallClient, 'getSettings'>
}): SettingsFromAfar {
  const { db, client } = options
  const write = db.prepare<[string, string]>(
    'INSERT INTO downlink_settings (one, version, text) VALUES (1, ?, ?) ' +
      'ON CONFLICT DO UPDATE SET version = excluded.version, text = excluded.text',
  )
  const listeners = new Set<(settings: DeviceSettings) => void>()
  let held = stored(db)
  let running: Promise<SettingsRefresh> | null = null
  let following: Promise<SettingsRefresh> | null = null

  async function fetchNow(): Promise<SettingsRefresh> {
    const answer = await client.getSettings(held?.version ?? null)
    if (!answer.ok)
      return { ok: false, detail: answer.kind === 'problem' ? answer.problem.code : answer.detail }
    if (!answer.value.changed) return { ok: true, changed: false, ignored: [] }
    const read = readSettings(answer.value.settings)
    if (read === null) return { ok: false, detail: 'the settings are no JSON object' }
    const { version } = answer.value
    const changed = version !== held?.version
    // As the hall gave them: what this version ignores another one, after an update, may know.
    const text = JSON.stringify(answer.value.settings)
    if (text.length > MAX_TEXT_CHARACTERS) return { ok: false, detail: 'the settings are too long' }
    write.run(version, text)
    held = { version, settings: read.settings }
    if (changed) for (const listener of listeners) listener(read.settings)
    return { ok: true, changed, ignored: read.ignored }
  }

  function start(): Promise<SettingsRefresh> {
    running = fetchNow().finally(() => {
      running = null
    })
    return running
  }

  return {
    current: () => held?.settings ?? {},
    version: () => held?.version ?? null,
    onSettings(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    refresh() {
      if (running === null) return start()
      following ??= running
        .catch(() => {})
        .then(() => {
          following = null
          return start()
        })
      return following
    },
  }
}

/** Read by the allow-list again: after an update it may be another one. */
function stored(db: Db): HeldSettings | null {
  const row = db
    .prepare<[], { version: string; text: string }>('SELECT version, text FROM downlink_settings')
    .get()
  if (row === undefined) return null
  const read = readSettings(JSON.parse(row.text))
  return read === null ? null : { version: row.version, settings: read.settings }
}
