/** The provinces that this software knows: one JSON file each in profiles/, checked when it is read. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ProvinceProfile } from './profile-schema.ts'

export { ProvinceProfile } from './profile-schema.ts'

const folder = join(import.meta.dirname, 'profiles')

export function profileNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()
}

/** null when there is none of that name; throws when its file is wrong, with the path of each fault. */
export function loadProfile(name: string): ProvinceProfile | null {
  if (!profileNames().includes(name)) return null
  const parsed = parseProfile(JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')))
  if (!parsed.ok) throw new Error(`profiles/${name}.json: ${parsed.faults.join('; ')}`)
  return parsed.profile
}

export type ParsedProfile = { ok: true; profile: ProvinceProfile } | { ok: false; faults: string[] }

/** Each fault is `path: what is wrong`. */
export function parseProfile(value: unknown): ParsedProfile {
  const parsed = ProvinceProfile.safeParse(value)
  if (parsed.success) return { ok: true, profile: parsed.data }
  return {
    ok: false,
    faults: parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `${[...issue.path, key].join('.')}: nothing here is called so`)
        : [`${issue.path.join('.') || 'the profile'}: ${issue.message}`],
    ),
  }
}
