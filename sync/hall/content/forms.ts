/**
 * Blank forms in a hall's folder: `forms/NAME.json` `{title, titleEnglish, itemCodes}` and `forms/NAME.pdf` beside it.
 * How many pages a form has is counted, so that a terminal can say it before it prints.
 */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { countPagesNow } from '../../pdf/pdf-pages.ts'
import { sha256Hex } from '../../protocol/canonical.ts'
import { FORM_BYTES_MAX, FORM_PAGES_MAX } from '../../protocol/content.ts'
import { HallError } from '../fault.ts'
import { type ContentEntry, checked, entriesIn, readJson } from './folder.ts'

export interface Blank {
  name: string
  sha256: string
  bytes: Uint8Array
}

const MIB = 1024 * 1024

/** @throws HallError `content-invalid`, naming the file, its fault and what to do */
export function readForms(folder: string): { entries: ContentEntry[]; blanks: Blank[] } {
  const within = join(folder, 'forms')
  const files = new Set(entriesIn(within))
  const names = [...files].flatMap((file) => /^(.+)\.(?:json|pdf)$/i.exec(file)?.[1] ?? [])
  const read = [...new Set(names)].map((name) => {
    for (const other of ['json', 'pdf']) {
      if (!files.has(`${name}.${other}`))
        throw new HallError(
          'content-invalid',
          `${join(within, name)}: there is no ${name}.${other} beside it`,
        )
    }
    return readForm(within, name)
  })
  // The same bytes under two titles travel once.
  const blanks = new Map(read.map(({ blank }) => [blank.sha256, blank]))
  return { entries: read.map(({ entry }) => entry), blanks: [...blanks.values()] }
}

function readForm(folder: string, name: string): { entry: ContentEntry; blank: Blank } {
  const tells = join(folder, `${name}.json`)
  const told = readJson(tells)
  const bytes = readPdf(join(folder, `${name}.pdf`))
  const sha256 = sha256Hex(bytes)
  const pages = pagesOf(join(folder, `${name}.pdf`), bytes)
  const value = checked(tells, 'form', typeof told === 'object' ? { ...told, sha256, pages } : told)
  return {
    entry: { name: `form/${name}`, kind: 'form', value },
    blank: { name: `form/${name}.pdf`, sha256, bytes },
  }
}

function readPdf(path: string): Uint8Array {
  const { size } = statSync(path)
  if (size > FORM_BYTES_MAX)
    throw new HallError(
      'content-invalid',
      `${path} has ${(size / MIB).toFixed(1)} MiB; at most ${FORM_BYTES_MAX / MIB} MiB: typeset it instead of scanning it`,
    )
  return readFileSync(path)
}

function pagesOf(path: string, bytes: Uint8Array): number {
  const count = countPagesNow(bytes)
  switch (count.outcome) {
    case 'encrypted':
      throw new HallError('content-invalid', `${path} is locked with a password: save it without one`)
    case 'uncountable':
      throw new HallError('content-invalid', `${path} is no PDF that can be read: save it anew as PDF 1.7`)
    case 'counted':
      if (count.pages <= FORM_PAGES_MAX) return count.pages
      throw new HallError(
        'content-invalid',
        `${path} has ${count.pages} pages; at most ${FORM_PAGES_MAX}: give it out at the window`,
      )
  }
}
