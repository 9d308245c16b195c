/** The thread that sets type: fonts opened once, one paper after another, nothing kept of any. */
import { parentPort } from 'node:worker_threads'
import { setCasePaper } from './case-sheet.ts'
import { openFaces } from './faces.ts'
import { setGuide } from './guide-sheet.ts'
import { setOneTimeNotice } from './one-time-notice-sheet.ts'
import { setReadiness } from './readiness-sheet.ts'
import type { DocumentRequest } from './request.ts'
import type { Finished } from './sheet.ts'
import { setSlip } from './slip-sheet.ts'
import { setTestSheet } from './test-sheet.ts'
import { commonCharacters, WARM_UP, WARM_UP_ROUNDS } from './warm-up.ts'

export interface Asked {
  id: number
  request: DocumentRequest
}

export type Told =
  | { kind: 'ready' }
  | { kind: 'done'; id: number; pdf: Uint8Array<ArrayBuffer>; pages: number }
  /** Where it happened and what kind of error it was: a message could quote the paper. */
  | { kind: 'failed'; id: number; where: string }

const port = parentPort
if (!port) throw new Error('documents/worker.ts runs as a worker thread')

const faces = openFaces()

function typeset(request: DocumentRequest): Promise<Finished> {
  const { printedAt } = request
  switch (request.paper) {
    case 'guide':
      return setGuide(faces, request.guide, request.hall, printedAt, request.language)
    case 'case':
      return setCasePaper(faces, request.form, request.kind, request.hall, printedAt)
    case 'one-time-notice':
      return setOneTimeNotice(faces, request.notice, request.hall, printedAt, request.language)
    case 'slip':
      return setSlip(faces, request.slip, request.hall, printedAt)
    case 'readiness':
      return setReadiness(faces, request.report, printedAt)
    case 'test':
      return setTestSheet(faces, request.test, printedAt)
  }
}

/** One at a time: two papers in the making would hold twice the memory and finish no sooner. */
let previous: Promise<void> = warmUp()

async function warmUp(): Promise<void> {
  const common = commonCharacters()
  for (const face of Object.values(faces)) face.warm(common)
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
    for (const request of WARM_UP) await typeset(request)
  }
  port?.postMessage({ kind: 'ready' } satisfies Told)
}

port.on('message', ({ id, request }: Asked) => {
  previous = previous.then(async () => {
    try {
      const { pdf, pages } = await typeset(request)
      port.postMessage({ kind: 'done', id, pdf, pages } satisfies Told, [pdf.buffer])
    } catch (error) {
      port.postMessage({ kind: 'failed', id, where: whereOf(error) } satisfies Told)
    }
  })
})

function whereOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [error.name, ...frames.map((line) => line.trim())].join(' ')
}
