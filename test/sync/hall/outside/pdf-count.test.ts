/** Large papers are looked through in a thread of their own: the same answers, and the loop goes on meanwhile. */
import { expect, test } from 'vitest'
import { countPagesAside } from '../../../../sync/pdf/pdf-count.ts'
import { countPages } from '../../../../sync/pdf/pdf-pages.ts'

const LARGE_BYTES = 4 * 1024 * 1024

/** Three pages and much that is none. */
function paper(filling: string): Buffer {
  const pages = '<</Type/Page/Parent 4 0 R>> '.repeat(3)
  const head = `%PDF-1.7\n4 0 obj <</Type/Pages/Count 3/Kids[]>> endobj\n${pages}\n5 0 obj <<>> stream\n`
  return Buffer.concat([Buffer.from(head), Buffer.alloc(LARGE_BYTES, filling)])
}

test('a large paper is counted as a small one is', async () => {
  const large = paper('x ')
  expect(await countPagesAside(large)).toEqual({ outcome: 'counted', pages: 3, objects: 3 })
  expect(await countPages(large)).toEqual({ outcome: 'counted', pages: 3, objects: 3 })
  expect(await countPagesAside(Buffer.alloc(LARGE_BYTES, 'no paper'))).toEqual({ outcome: 'uncountable' })
})

test('the loop turns while papers that take long are looked through, several at once', async () => {
  let turns = 0
  let isOver = false
  const turning = async (): Promise<void> => {
    while (!isOver) {
      turns += 1
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }
  const turned = turning()
  const counts = await Promise.all([1, 2, 3].map(() => countPagesAside(paper('/Type '))))
  isOver = true
  await turned
  expect(counts.map(({ outcome }) => outcome)).toEqual(['counted', 'counted', 'counted'])
  expect(turns).toBeGreaterThan(20)
})

test('a paper that takes longer than anybody waits is given up, and the next is counted', async () => {
  expect(await countPagesAside(paper('/Type '), 1)).toEqual({ outcome: 'uncountable' })
  expect(await countPagesAside(paper('x '))).toMatchObject({ outcome: 'counted' })
})
