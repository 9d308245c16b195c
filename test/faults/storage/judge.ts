/** A process that mounts copies and opens what is on them, one after another; several of them share the work. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Findings } from './findings.ts'

/** One copy to be judged: folders as they lie, or an image that holds them. */
export interface Case {
  id: number
  /** Mounted first, and gone afterwards; null where the folders lie bare. */
  image: string | null
  /** With `image`: below its root. */
  device: string
  hall: string
  deviceOnImage: boolean
  hallOnImage: boolean
  ledger: string
  enrolmentCode: string
  drainMs?: number | undefined
  /** What is removed when it was clean. */
  scratch: string
}

export interface Judge {
  /** Resolves when the copy has been taken on; `told` hears what became of it. */
  give(one: Omit<Case, 'id'>, told: (findings: Findings) => void): Promise<void>
  /** When everything given has been judged. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** Copies that wait in memory; more would only fill it. */
const WAITING_PER_JUDGE = 3

export function startJudges(count: number): Judge {
  const waiting = new Map<number, (findings: Findings) => void>()
  const children = Array.from({ length: count }, () => {
    const child = fork(join(import.meta.dirname, 'run-judge.ts'), {
      execArgv: [],
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    child.on('message', ({ id, findings }: { id: number; findings: Findings }) => {
      waiting.get(id)?.(findings)
      waiting.delete(id)
      moved.resolve()
      moved = Promise.withResolvers()
    })
    return child
  })
  const anEnd = Promise.race(children.map((child) => once(child, 'exit')))
  let moved = Promise.withResolvers<void>()
  let next = 0
  const fewer = async (than: number): Promise<void> => {
    while (waiting.size >= than) {
      await Promise.race([moved.promise, anEnd])
      const died = children.find((child) => child.exitCode !== null || child.signalCode !== null)
      if (died !== undefined) throw new Error(`a judge has ended with ${died.exitCode ?? died.signalCode}`)
    }
  }
  return {
    async give(one, told) {
      await fewer(WAITING_PER_JUDGE * count)
      next += 1
      waiting.set(next, told)
      children[next % count]?.send({ ...one, id: next })
    },
    settled: () => fewer(1),
    async close() {
      await Promise.all(children.map(end))
    },
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = once(child, 'exit')
  child.disconnect()
  await gone
}
