import type { DockState } from './contract.ts'

interface Row {
  name: string
  address: string
  what: string
}

/** Chinese characters take two cells of a terminal, Latin ones one. */
const cells = (text: string): number => [...text].reduce((sum, c) => sum + (c > '\u2e7f' ? 2 : 1), 0)
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - cells(text)))

const clerkPage = ({ window }: DockState): string => (window.url === null ? '–' : `${window.url}/window/`)

/** The one table that the demo prints, and what to try first. */
export function addressTable(
  state: DockState,
  dockUrl: string | null,
  clerkSignIn: string,
  simulators: Row[],
): string {
  const at = (part: { url: string | null; trouble: string | null }) => part.url ?? `– ${part.trouble ?? ''}`
  const rows: Row[] = [
    { name: '工作台 bench dock', address: dockUrl ?? '–', what: '一切从这里开始 · start here' },
    { name: '自助终端 terminal', address: at(state.terminal), what: '1080 × 1920' },
    { name: '评价器 pad', address: at(state.pad), what: '1280 × 800' },
    { name: '窗口接口 window', address: at(state.window), what: 'POST /window/v1/evaluations' },
    { name: '窗口人员页 clerk', address: clerkPage(state), what: clerkSignIn },
    { name: '大厅服务 hall', address: at(state.hall), what: '/v1' },
    ...simulators,
  ]
  const nameWidth = Math.max(...rows.map((row) => cells(row.name))) + 2
  const addressWidth = Math.max(...rows.map((row) => cells(row.address))) + 2
  const lines = rows.map((row) => `  ${pad(row.name, nameWidth)}${pad(row.address, addressWidth)}${row.what}`)
  const first = dockUrl
    ? [
        `  先试试：打开 ${dockUrl} ，把张小雨的身份证放上读卡器，看终端，再打印一张回执。`,
        `  Try first: open ${dockUrl}, put 张小雨's card on the reader, watch the terminal, print a receipt.`,
      ]
    : []
  return ['', ...lines, '', ...first, '  Ctrl-C 停止 · stops everything', ''].join('\n')
}
