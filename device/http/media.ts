/** The hall's own recordings and pictures, for the pages (PROTOCOLS.md §1.4, kinds `sound` and `image`). */
import express, { type RequestHandler } from 'express'
import type { ContentFace } from '../content/content.ts'
import { HttpProblem } from './problem.ts'

export type Media = Pick<ContentFace, 'recordings' | 'medium'>

/** Named by its bytes, so it never changes (RFC 8246). */
const IMMUTABLE = 'private, max-age=31536000, immutable'
const SHA256 = /^[0-9a-f]{64}$/

export const mediaAddress = (sha256: string): string => `/api/media/${sha256}`

export const mediaRoutes = ({ recordings, medium }: Media): RequestHandler => {
  const router = express.Router()
  router.get('/api/recordings', (_request, response) => {
    const clips = [...recordings()].map(([name, sha256]) => [name, mediaAddress(sha256)])
    response.set('Cache-Control', 'no-store').json(Object.fromEntries(clips))
  })
  router.get('/api/media/:sha256', (request, response) => {
    const { sha256 } = request.params
    const found = SHA256.test(sha256) ? medium(sha256) : null
    if (found === null) throw new HttpProblem('not-found', 'the hall hands out no such recording or picture')
    response.set({ 'Cache-Control': IMMUTABLE, 'Content-Type': found.mediaType })
    response.send(Buffer.from(found.bytes))
  })
  return router
}
