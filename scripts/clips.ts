/**
 * Makes what the pages speak: one clip for each key of ui/shared/sound/words, in both languages.
 *
 *   node scripts/run.js scripts/clips.ts [--engine "COMMAND"] [--only NAME,NAME] [--again] [--list]
 *
 * COMMAND is a speech program of this machine, run without a shell for each clip; {text} is what to say, {out} the
 * WAV file to write, {language} zh or en, {voice} and {speed} espeak-ng's. Without it: Debian's espeak-ng.
 * `--only zh/idle-warning` makes that one, `--again` makes anew what is there; `npm run build` puts them into the pages.
 * `--list` prints names and texts, for whoever records them by voice (`sounds/` of a hall's content).
 * opusenc (Debian: opus-tools) packs them; without it they stay WAV, ten times as large.
 */
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { clipsIn, ESPEAK, makeClips } from '../ui/build/make-clips.ts'
import { clipsFolder } from '../ui/build/spoken-clips.ts'
import { allClips } from '../ui/shared/sound/spoken.ts'

const WRONG_USE = 2
const KILO = 1000

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: ESPEAK },
    only: { type: 'string' },
    again: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
})

const root = join(import.meta.dirname, '..')

function make(): void {
  if (!values.engine.includes('{out}') || !values.engine.includes('{text}')) {
    console.error('--engine has to name {text} and {out}: espeak-ng -w {out} {text}')
    process.exitCode = WRONG_USE
    return
  }
  const folder = clipsFolder(join(root, 'ui'))
  const only = values.only?.split(',')
  const unknown = only?.filter((name) => !allClips().some((clip) => clip.name === name)) ?? []
  if (unknown.length > 0) {
    console.error(`no clip is called ${unknown.join(', ')}; --list prints their names`)
    process.exitCode = WRONG_USE
    return
  }
  const anew = values.again || values.engine !== ESPEAK
  const done = makeClips(folder, values.engine, only === undefined ? { anew } : { anew, only })
  if (done.state === 'no-engine') {
    console.error(
      `${done.program} is not installed: the pages will have no voice (Debian: apt install espeak-ng)`,
    )
    process.exitCode = 1
    return
  }
  const clips = clipsIn(folder)
  const bytes = clips.reduce((sum, { file }) => sum + statSync(join(folder, file)).size, 0)
  // The next build takes them in, although no source has changed.
  rmSync(join(root, 'ui/dist/.made-from'), { force: true })
  console.log(
    `${done.made} clips made, ${done.kept} kept: ${clips.length} in all, ${Math.round(bytes / KILO)} kB`,
  )
}

if (values.list) for (const { name, text } of allClips()) console.log(`${name}\t${text}`)
else make()
