/** Starts instances in processes of their own, lets them go at the same moment and gathers what they were answered. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { HallStoreOptions } from '../../../../sync/hall/store/open.ts'
import type { WorkerAnswers } from './store-worker.ts'

const WORKER = join(import.meta.dirname, 'store-worker.ts')

/** @param prepare what has to be there before they go, done once all have opened the store */
export async function letWork(
  count: number,
  options: HallStoreOptions,
  prepare: () => Promise<void> = async () => {},
): Promise<WorkerAnswers[]> {
  const workers = Array.from({ length: count }, (_, index) => start(`worker ${index}`, options))
  try {
    await Promise.all(workers.map(({ ready }) => ready))
    await prepare()
    for (const { child } of workers) child.stdin?.write('go\n')
    return await Promise.all(workers.map(({ answers }) => answers))
  } finally {
    for (const { child } of workers) child.kill('SIGKILL')
  }
}

function start(name: string, options: HallStoreOptions) {
  const child: ChildProcess = spawn(process.execPath, [WORKER, name, JSON.stringify(options)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ready = Promise.withResolvers<void>()
  const answers = Promise.withResolvers<WorkerAnswers>()
  child.once('exit', (code) => {
    const error = new Error(`${name} ended with ${code}`)
    ready.reject(error)
    answers.reject(error)
  })
  // Whoever fails first is told of; the others' failures are the same one.
  for (const { promise } of [ready, answers]) promise.catch(() => {})
  if (child.stdout === null) throw new Error('no output')
  createInterface(child.stdout).on('line', (line) => {
    if (line === 'ready') ready.resolve()
    else answers.resolve(JSON.parse(line) as WorkerAnswers)
  })
  return { child, ready: ready.promise, answers: answers.promise }
}
