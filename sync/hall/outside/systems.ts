/** The outside systems of one hall: those that hall.json names, and the demonstration's for the rest in a demo. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { type Calendar, Hall } from '../../protocol/content.ts'
import type { QueueNotice } from '../../protocol/queue.ts'
import type { CaseSystem } from '../case-system/case-system.ts'
import { demoCaseSystem } from '../case-system/demo.ts'
import { readDemoData } from '../case-system/demo-data.ts'
import { httpCaseSystem } from '../case-system/http.ts'
import type { HallConfiguration } from '../configuration.ts'
import { demoProofIssuer } from '../proofs/demo.ts'
import { readDemoProofs } from '../proofs/demo-data.ts'
import { httpProofIssuer } from '../proofs/http.ts'
import { proofIssuers } from '../proofs/issuers.ts'
import type { ProofIssuer } from '../proofs/proof-issuer.ts'
import { demoQueue } from '../queue/demo.ts'
import { readDemoQueue } from '../queue/demo-data.ts'
import { httpQueueSystem } from '../queue/http.ts'
import type { QueueSystem } from '../queue/queue-system.ts'
import { type QueueWatch, watchQueue } from '../queue/watch.ts'
import type { DemoHall } from '../store/demo-hall.ts'

export interface OutsideSystemsOptions {
  configuration: HallConfiguration
  /** The demonstration hall's folder; null for a real hall. */
  demoFolder: string | null
  /** Asked each time: the hall's content may change. */
  calendars: () => readonly Calendar[]
  demoHall: DemoHall
  clock: () => Date
  logger: Logger
}

export interface OutsideSystems {
  /** Null: not connected. */
  caseSystem: CaseSystem | null
  proofs: ProofIssuer | null
  queue: QueueSystem | null
  /** Tells what the queue calls from now on; null without a queue. */
  watchQueue(onCalls: (notice: QueueNotice) => void): QueueWatch | null
  close(): void
}

/** @throws HallError `configuration-invalid` when a file that hall.json names cannot be read */
export function outsideSystems(options: OutsideSystemsOptions): OutsideSystems {
  const caseSystem = caseSystemOf(options)
  const proofs = proofsOf(options)
  const queue = queueOf(options)
  let watch: QueueWatch | null = null
  return {
    caseSystem,
    proofs,
    queue,
    watchQueue(onCalls) {
      watch = queue === null ? null : watchQueue(queue, onCalls, options.logger)
      return watch
    },
    close() {
      watch?.close()
      for (const system of [caseSystem, proofs, queue]) system?.close()
    },
  }
}

function caseSystemOf(options: OutsideSystemsOptions): CaseSystem | null {
  const { configuration, demoFolder, calendars, clock, logger, demoHall: kept } = options
  const settings = configuration.caseSystem
  if (settings !== undefined) return httpCaseSystem({ settings, calendars, clock, logger })
  return demoFolder === null
    ? null
    : demoCaseSystem({ data: readDemoData(demoFolder), calendars, clock, kept })
}

function proofsOf({ configuration, demoFolder, clock, logger }: OutsideSystemsOptions): ProofIssuer | null {
  if (configuration.proofs !== undefined) {
    const issuers = configuration.proofs.map(({ name, ...settings }) => {
      return [name, httpProofIssuer({ name: `proofs/${name}`, settings, logger })] as const
    })
    return proofIssuers(new Map(issuers), clock)
  }
  return demoFolder === null
    ? null
    : demoProofIssuer(readDemoProofs(demoFolder), readDemoData(demoFolder).people, clock)
}

function queueOf(options: OutsideSystemsOptions): QueueSystem | null {
  const { configuration, demoFolder, calendars, clock, logger, demoHall: kept } = options
  if (configuration.queue !== undefined) return httpQueueSystem({ settings: configuration.queue, logger })
  if (demoFolder === null) return null
  const { hours } = Hall.parse(JSON.parse(readFileSync(join(demoFolder, 'hall.json'), 'utf8')))
  return demoQueue({ plan: readDemoQueue(demoFolder), hours: () => hours, calendars, clock, kept })
}
