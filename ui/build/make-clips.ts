import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { allClips } from '../shared/sound/spoken.ts'

/** Debian's espeak-ng, a program of the packaging machine: what it speaks is ours to ship. */
export const ESPEAK = 'espeak-ng -v {voice} -s {speed} -w {out} {text}'
/** espeak-ng's voice `cmn` reads the tones as English numbers ("shen fen four"); this one does not. */
export const CHINESE_VOICE = 'cmn-latn-pinyin'
const VOICES = { zh: { voice: CHINESE_VOICE, speed: '145' }, en: { voice: 'en-gb', speed: '150' } }

/** Speech in one channel is clear at this rate, and all clips together stay below 1 MB. */
const OPUS_KILOBITS = '20'
const HASH_CHARACTERS = 12

export interface Clip {
  /** `zh/idle-warning` */
  name: string
  /** Its file in the folder: `zh.idle-warning.1a2b3c4d5e6f.opus`; another text has another name. */
  file: string
}

export type Made = { state: 'made'; made: number; kept: number } | { state: 'no-engine'; program: string }

const fileStem = (name: string, text: string) =>
  `${name.replace('/', '.')}.${createHash('sha256').update(text).digest('hex').slice(0, HASH_CHARACTERS)}`

/** The clips that lie in the folder and still say what the catalogue says. */
export function clipsIn(folder: string): Clip[] {
  if (!existsSync(folder)) return []
  const files = readdirSync(folder)
  return allClips().flatMap(({ name, text }) => {
    const stem = fileStem(name, text)
    const file = files.find((one) => /\.(opus|ogg|mp3|wav)$/.test(one) && one.replace(/\.\w+$/, '') === stem)
    return file === undefined ? [] : [{ name, file }]
  })
}

/**
 * Makes the clips that are missing.
 * @param engine a command line, split at spaces and run without a shell: `{text}`, `{out}` (a WAV file to write),
 *   `{voice}`, `{speed}` and `{language}` (zh or en) stand for themselves
 * @param how.anew makes those that are there as well
 * @param how.only names of the clips to make; all of them without it
 * @throws Error when the engine is there and fails
 */
export function makeClips(
  folder: string,
  engine = ESPEAK,
  { anew = false, only }: { anew?: boolean; only?: string[] } = {},
): Made {
  const [program = '', ...template] = engine.split(' ').filter((part) => part !== '')
  if (!isThere(program)) return { state: 'no-engine', program }
  mkdirSync(folder, { recursive: true })
  const packs = isThere('opusenc')
  const wanted = allClips().filter(({ name }) => only?.includes(name) ?? true)
  const lying = clipsIn(folder).filter(({ name }) => wanted.some((one) => one.name === name))
  if (anew) for (const { file } of lying) rmSync(join(folder, file))
  const kept = new Set(anew ? [] : lying.map(({ name }) => name))
  const missing = wanted.filter(({ name }) => !kept.has(name))
  for (const { name, language, text } of missing) {
    const stem = join(folder, fileStem(name, text))
    const part = `${stem}.part.wav`
    const words: Record<string, string> = { text, out: part, language, ...VOICES[language] }
    const filled = template.map((one) => one.replace(/\{(\w+)\}/g, (all, word: string) => words[word] ?? all))
    run(program, filled)
    if (!existsSync(part)) throw new Error(`${program} wrote no ${part}; does its command name {out}?`)
    if (packs) {
      run('opusenc', ['--quiet', '--bitrate', OPUS_KILOBITS, part, `${part}.opus`])
      renameSync(`${part}.opus`, `${stem}.opus`)
      rmSync(part)
    } else renameSync(part, `${stem}.wav`)
  }
  return { state: 'made', made: missing.length, kept: kept.size }
}

const isThere = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined

function run(program: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr.trim()}`)
}
