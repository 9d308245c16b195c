/** `GET /v1/documents/{handle}` (PROTOCOLS.md §1.4): the bytes of a paper, for the device that may have it. */
import type { Request } from 'express'
import { countPagesAside } from '../../../pdf/pdf-count.ts'
import {
  DOCUMENT_MEDIA_TYPE,
  DocumentHandle,
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENT_PAGES,
} from '../../../protocol/documents.ts'
import type { DocumentFetched } from '../../outside/outcome.ts'
import type { Leave } from '../../outside/paper-gate.ts'
import type { HandledDocument } from '../../store/document-handles.ts'
import { type Answer, ok, refusal, retryAfter } from '../answer.ts'
import type { HallParts } from '../parts.ts'
import type { SignedRequest } from '../signed.ts'

/** Most papers are there in a second or two. */
const BUSY_MS = 3_000
/** What the device waits for a paper. */
const HELD_MS = 90_000

const TOO_LARGE = `larger than ${MAX_DOCUMENT_BYTES} bytes`

/** Unknown, too old, of another device, or its paper gone: one answer, so that nothing can be found out by trying. */
const NO_SUCH_PAPER = 'no paper of this device has this handle, or no longer: search again'

export async function getDocument(
  parts: HallParts,
  signed: SignedRequest,
  request: Request,
): Promise<Answer> {
  const handle = DocumentHandle.safeParse(request.params.handle)
  const { deviceId } = signed.device
  const found = handle.success ? await parts.store.documents.find(deviceId, handle.data, parts.clock()) : null
  if (found === null) return refusal('not-found', NO_SUCH_PAPER)
  const leave = await parts.limits.papers.enter(deviceId)
  if (leave === null)
    return refusal('hall-busy', 'too many papers are being fetched: ask again', {}, retryAfter(BUSY_MS))
  heldUntilSent(request, leave)
  return await fetchPaper(parts, found)
}

/** A paper lies in memory until the device has it, and no longer than a device waits. */
function heldUntilSent({ res: response }: Request, leave: Leave): void {
  const timer = setTimeout(() => response?.destroy(), HELD_MS)
  timer.unref()
  response?.once('close', () => {
    clearTimeout(timer)
    leave()
  })
  if (response === undefined || response.closed) leave()
}

async function fetchPaper(parts: HallParts, found: HandledDocument): Promise<Answer> {
  const fetched = await fetchFrom(parts, found)
  switch (fetched.outcome) {
    case 'not-found':
      return refusal('not-found', NO_SUCH_PAPER)
    case 'unavailable':
      return refusal(
        'document-unavailable',
        'whoever issues this paper gives no answer: ask again in a minute',
      )
    case 'too-large':
      return unusable(parts, TOO_LARGE)
    case 'found':
      return await checked(parts, fetched.pdf, found.pages)
  }
}

async function fetchFrom(
  { caseSystem, proofs }: HallParts,
  { source, reference }: HandledDocument,
): Promise<DocumentFetched> {
  const system = source === 'case' ? caseSystem : proofs
  return (await system?.document(reference)) ?? { outcome: 'not-found' }
}

/** A device's memory and a printer's tray are small: what does not fit them stops here. */
async function checked(parts: HallParts, pdf: Uint8Array, promised: number): Promise<Answer> {
  if (pdf.byteLength > MAX_DOCUMENT_BYTES) return unusable(parts, TOO_LARGE)
  const count = await countPagesAside(pdf)
  if (count.outcome === 'encrypted') return unusable(parts, 'encrypted, so that no printer opens it')
  if (count.outcome === 'uncountable') return unusable(parts, 'no PDF whose pages can be counted')
  const { pages, objects } = count
  if (Math.max(pages, objects) > MAX_DOCUMENT_PAGES)
    return unusable(parts, `longer than ${MAX_DOCUMENT_PAGES} pages`)
  if (pages !== promised) return unusable(parts, `of ${pages} pages where ${promised} were promised`)
  return ok(pdf, { 'content-type': DOCUMENT_MEDIA_TYPE })
}

function unusable({ logger }: HallParts, why: string): Answer {
  logger.warn({ why }, 'an issuer’s paper was refused')
  return refusal('document-unusable', `what the issuer sent is ${why}: ask at the window`)
}
