/** Runs the episodes of some plans in a process of their own. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Tally } from './counts.ts'
import type { Episode, EpisodesOptions } from './episodes.ts'
import { running } from './processes.ts'
import { Control } from './shim.ts'

export interface FailingCalls {
  rig: string
  tools: { shim: string }
  tally: Tally
  plans: readonly string[]
  victim: EpisodesOptions['victim']
  from?: number
  step?: number
  most?: number | null
}

/** Gives what the product said each time, by the call that failed. */
export async function failCalls(run: FailingCalls): Promise<Episode[]> {
  const home = join(run.rig, `failing-${run.victim}-${crypto.randomUUID()}`)
  const folder = join(home, 'watched')
  mkdirSync(folder, { recursive: true })
  const control = new Control(join(home, 'control'))
  const options: EpisodesOptions = {
    folder,
    control: control.path,
    victim: run.victim,
    plans: run.plans,
    from: run.from ?? 1,
    step: run.step ?? 1,
    most: run.most ?? null,
  }
  const child = fork(join(import.meta.dirname, 'run-episodes.ts'), [JSON.stringify(options)], {
    silent: true,
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', ...control.environment(run.tools.shim, folder) },
  })
  const life = running(child)
  const all: Episode[] = []
  child.on('message', (episode: Episode) => {
    all.push(episode)
    run.tally.add(`${episode.plan}, ${run.victim}`, 'copies', episode.findings, `call ${episode.at}`)
  })
  await once(child, 'exit')
  control.close()
  if (life.exitCode !== 0) {
    const last = all.at(-1)
    const after = last === undefined ? 'the first call' : `${last.plan}, call ${last.at}`
    throw new Error(`the ${run.victim} ended with ${life.exitCode} after ${after}: ${life.words()}`)
  }
  return all
}
