/** What the hall hands out (PROTOCOLS.md §1.4). */
import { ContentManifest } from '../../../protocol/content.ts'
import type { RouteSchema } from './route-schema.ts'

const unchanged = { description: 'unchanged since If-None-Match' }

export const contentRoutes: readonly RouteSchema[] = [
  {
    method: 'get',
    path: '/v1/content',
    summary: 'The manifest of the hall’s content',
    asked: 'by-device',
    answers: {
      200: {
        description: 'every item with its hash',
        body: { schema: ContentManifest },
        headers: { ETag: 'the version of the manifest' },
      },
      304: unchanged,
    },
  },
  {
    method: 'get',
    path: '/v1/content/:sha256',
    summary: 'One item of the content, immutable',
    asked: 'by-device',
    parameters: { sha256: 'the SHA-256 of the item’s bytes, 64 hexadecimal digits' },
    answers: {
      200: {
        description: 'its bytes',
        body: { schema: null, note: 'in the media type that the manifest gives' },
        headers: { ETag: 'the SHA-256 again' },
      },
      304: unchanged,
    },
    problems: ['not-found'],
  },
]
