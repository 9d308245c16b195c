/** Papers of an issuer, fetched by a handle (PROTOCOLS.md §1.4, `GET /v1/documents/{handle}`). */
import { z } from 'zod'

export const DOCUMENTS_PATH = '/v1/documents'

export function documentPath(handle: string): string {
  return `${DOCUMENTS_PATH}/${handle}`
}

/** 128 random bits, base64url. */
export const DocumentHandle = z.string().regex(/^[A-Za-z0-9_-]{22}$/)
export const HANDLE_BYTES = 16

export const DOCUMENT_MEDIA_TYPE = 'application/pdf'
/** Of the contract: what a terminal can hold and a tray can feed. */
export const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
export const MAX_DOCUMENT_PAGES = 200
