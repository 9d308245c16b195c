/**
 * A hall's content as its staff keep it: a folder of JSON.
 * `guides/*.json` · `forms/NAME.json` with `forms/NAME.pdf` (forms.ts) · `staff.json` and `notices.json` (lists) ·
 * `hall.json` · `business-types.json` · `proofs.json` · `calendar-YYYY.json`.
 * Recordings and pictures: media.ts. Other files are not content and are left alone.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { type ContentKind, contentKinds } from '../../protocol/content.ts'
import { HallError } from '../fault.ts'

export interface ContentEntry {
  name: string
  kind: ContentKind
  value: unknown
}

/** How an entry of a list file is named: by what makes it one. */
const listNames = {
  'staff.json': {
    kind: 'staff',
    entry: z.looseObject({ staffId: z.string() }).transform((one) => one.staffId),
  },
  'notices.json': { kind: 'notice', entry: z.looseObject({ id: z.string() }).transform((one) => one.id) },
} as const

/** @throws HallError `content-invalid`, naming the file and the path of each fault in it */
export function readContentFolder(folder: string): ContentEntry[] {
  return [
    ...namesIn(join(folder, 'guides')).map((name) => single(join(folder, 'guides', name), 'guide', 'guide')),
    ...namesIn(folder).flatMap((name) => topLevel(folder, name)),
  ]
}

function topLevel(folder: string, name: string): ContentEntry[] {
  const path = join(folder, name)
  if (name === 'staff.json' || name === 'notices.json') return list(path, name)
  if (name === 'hall.json') return [{ ...single(path, 'hall', 'hall'), name: 'hall' }]
  if (name === 'business-types.json')
    return [{ ...single(path, 'business-types', ''), name: 'business-types' }]
  if (name === 'proofs.json') return [{ ...single(path, 'proofs', ''), name: 'proofs' }]
  if (/^calendar-\d{4}\.json$/.test(name)) return [single(path, 'calendar', 'calendar')]
  return []
}

/**
 * The demonstration hall's PINs, which everybody knows, lie in a file of their own: who takes its staff for a pattern
 * takes none of them along.
 */
const DEMO_PINS_FILE = 'staff-pins.json'

function pinsBeside(path: string): Record<string, string> {
  const pins = join(dirname(path), DEMO_PINS_FILE)
  return existsSync(pins) ? z.record(z.string(), z.string()).parse(readJson(pins)) : {}
}

function single(path: string, kind: ContentKind, prefix: string): ContentEntry {
  const stem = basename(path, '.json').replace(/^calendar-/, '')
  return { name: `${prefix}/${stem}`, kind, value: checked(path, kind, readJson(path)) }
}

function list(path: string, file: keyof typeof listNames): ContentEntry[] {
  const { kind, entry } = listNames[file]
  const values = z.array(z.unknown()).safeParse(readJson(path))
  if (!values.success) throw new HallError('content-invalid', `${path}: a list is needed`)
  const pins = kind === 'staff' ? pinsBeside(path) : {}
  return values.data.map((value) => {
    const pin = pins[entry.safeParse(value).data ?? '']
    const known = checked(path, kind, pin === undefined ? value : { ...Object(value), pin })
    return { name: `${kind}/${entry.parse(known)}`, kind, value: known }
  })
}

export function checked(path: string, kind: ContentKind, value: unknown): unknown {
  const parsed = contentKinds[kind].safeParse(value)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || kind}: ${issue.message}`)
  throw new HallError('content-invalid', `${path} is no ${kind}: ${faults.join('; ')}`)
}

/** @throws HallError `content-invalid` */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new HallError('content-invalid', `${path} cannot be read as JSON`, { cause })
  }
}

/** The JSON files of a folder in a fixed order; none where the folder is missing. */
function namesIn(folder: string): string[] {
  return entriesIn(folder).filter((name) => name.endsWith('.json'))
}

export function entriesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
