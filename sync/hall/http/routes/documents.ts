/** `GET /v1/documents/{handle}` (PROTOCOLS.md §1.4): the bytes of a paper, for the device that may have it. */
import type { Request } from 'express'
import {
  DOCUMENT_MEDIA_TYPE,
  DocumentHandle,
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENT_PAGES,
} from '../../../protocol/documents.ts'
import type { DocumentFetched } from '../../outside/outcome.ts'
import { countPages } from '../../outside/pdf-pages.ts'
import type { HandledDocument } from '../../store/document-handles.ts'
import { type Answer, ok, refusal } from '../answer.ts'
import type { HallParts } from '../parts.ts'
import type { SignedRequest } from '../signed.ts'

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
      return checked(parts, fetched.pdf)
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
function checked(parts: HallParts, pdf: Uint8Array): Answer {
  if (pdf.byteLength > MAX_DOCUMENT_BYTES) return unusable(parts, TOO_LARGE)
  const pages = countPages(pdf)
  if (pages === null) return unusable(parts, 'no PDF whose pages can be counted')
  if (pages > MAX_DOCUMENT_PAGES) return unusable(parts, `longer than ${MAX_DOCUMENT_PAGES} pages`)
  return ok(pdf, { 'content-type': DOCUMENT_MEDIA_TYPE })
}

function unusable({ logger }: HallParts, why: string): Answer {
  logger.warn({ why }, 'an issuer’s paper was refused')
  return refusal('document-unusable', `what the issuer sent is ${why}: ask at the window`)
}
