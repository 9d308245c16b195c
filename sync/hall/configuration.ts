/**
 * `hall.json` in a hall's data folder: what the hall is connected to and what it sets on its devices. Optional; a
 * key that is not known is refused, so that a typing error leaves no hall without its case system in silence.
 * It may hold secrets: mode 0600 is wanted.
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CaseSystemSettings } from './case-system/settings.ts'
import { HallError } from './fault.ts'
import { ProofSettings } from './proofs/settings.ts'
import { ProvinceSettings } from './province/settings.ts'
import { QueueSettings } from './queue/settings.ts'
import { SettingsSection } from './settings.ts'

export const CONFIGURATION_FILE = 'hall.json'

/** Rights of the group and of others. */
const NOT_OWNER_BITS = 0o077

/** Each section belongs to the room that it configures; a new one is one more line. */
const sections = {
  settings: SettingsSection,
  province: ProvinceSettings,
  caseSystem: CaseSystemSettings,
  proofs: ProofSettings,
  queue: QueueSettings,
  /** Addresses of the hall's own proxies, believed in who they say has asked. */
  proxies: z.array(z.union([z.ipv4(), z.ipv6()], 'must be an IP address, as in 127.0.0.1')),
} as const

export const HallConfiguration = z.strictObject(sections).partial()
export type HallConfiguration = z.infer<typeof HallConfiguration>

export interface ReadConfiguration {
  configuration: HallConfiguration
  /** In words for the log; the hall runs all the same. */
  warnings: string[]
}

/**
 * Reads and checks it; a hall without one is connected to nothing.
 * @throws HallError `configuration-invalid`: one line a fault, path first, never a value, since secrets are values
 */
export function readHallConfiguration(dataDir: string): ReadConfiguration {
  const path = join(dataDir, CONFIGURATION_FILE)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    if (code === 'ENOENT') return { configuration: {}, warnings: [] }
    throw invalid(path, [`cannot be read (${code}): check its owner and its mode`])
  }
  const parsed = HallConfiguration.safeParse(parseJson(path, text))
  if (!parsed.success) throw invalid(path, parsed.error.issues.flatMap(faultLines))
  const open = (statSync(path).mode & NOT_OWNER_BITS) !== 0
  const warnings = open ? [`${path} can be read by others and may hold secrets: chmod 600 ${path}`] : []
  return { configuration: parsed.data, warnings }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // The parser's message may quote the file, and the file may hold secrets.
    const place =
      error instanceof SyntaxError ? /position \d+|line \d+ column \d+/.exec(error.message)?.[0] : undefined
    throw invalid(path, [`is no JSON${place === undefined ? '' : ` (at ${place})`}: check commas and quotes`])
  }
}

/** zod's words for a fault never quote a value that was given, only what would be right. */
function faultLines(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(
      (key) => `${[...issue.path, key].join('.')}: nothing here is called so; take it out`,
    )
  return [`${issue.path.join('.') || 'the file'}: ${issue.message}`]
}

function invalid(path: string, faults: readonly string[]): HallError {
  return new HallError('configuration-invalid', `${path}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
}
