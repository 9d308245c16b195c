import type { Sign } from './words/zh.ts'

/** At hand while nothing is being spelled, ten or fewer. */
export const QUICK_SIGNS: Sign[] = ['，', '。', '？', '！', '、', '：', '；', '（', '）', '·']
/** Among the functions where signs have no row of their own. */
export const COMMON_SIGNS = { chinese: ['，', '。'], latin: [',', '.'] } as const satisfies Record<
  string,
  Sign[]
>
/** Instead of digits where ten do not fit into a row. */
export const LATIN_SIGNS: Sign[] = ['.', ',', '-', '/', '@', '#', '&', '+', '_']
export const DIGITS = [...'1234567890']

/** The page of signs, Chinese ones first: the digits stand in the row above it. */
export const SIGNS: Sign[] = [
  '，',
  '。',
  '？',
  '！',
  '、',
  '：',
  '；',
  '“',
  '”',
  '·',
  '（',
  '）',
  '《',
  '》',
  '—',
  '…',
  '￥',
  '-',
  '/',
  '.',
  '@',
  '#',
  '%',
  '&',
  '+',
  '=',
  '_',
  '*',
  ',',
  "'",
]
