import { faultInWords } from '../../health/words.ts'
import { lookAsRoot } from './commands.ts'
import type { Words } from './words.ts'

const minute = (at: string): string => at.slice(0, 16).replace('T', ' ')

/** 按设备程序自己写下的内容。 */
export const HEALTH_ADVICE = {
  'device-health': ({ fault, asOf }) => {
    const { what, stops, todo } = faultInWords(fault, 'zh')
    const then = asOf === null ? '' : `，截至 ${minute(asOf)}`
    return {
      what: `${what}（从 ${minute(fault.since)} 开始${then}；${fault.id}）。`,
      stops: `${stops}。`,
      todo: todo.map((step) => `${step}。`),
    }
  },
  'device-stopped': ({ at }) => ({
    what: `设备程序没有运行，${minute(at)} 被停止。`,
    stops: '整台设备，直到重新启动。',
    todo: ['需要它运行时，重新启动。'],
  }),
  'device-gone': ({ at }) => ({
    what: `设备程序在 ${minute(at)} 之后突然结束，没有留下话。`,
    stops: '整台设备，直到重新启动。',
    todo: ['在系统日志里看原因（断电不会留下内容），再重新启动。'],
  }),
  'device-silent': ({ at }) => ({
    what: `设备程序还在，但从 ${minute(at)} 起没有再报告自己的情况。`,
    stops: '多半是整台设备。',
    todo: ['检查磁盘（可能卡住了），再重新启动设备程序。'],
  }),
  'device-unknown': ({ dataDir, code, user }, { shell, config }) => ({
    what:
      code === 'EACCES'
        ? `用户 ${user} 无权读取 ${dataDir} 里的设备健康记录。`
        : `${dataDir} 里读不到设备的健康记录（${code}）。`,
    stops: '没有影响；但也说明不了设备是好是坏。',
    todo:
      code === 'EACCES'
        ? ['用 root 再看一次：', lookAsRoot(shell, null, config, dataDir)]
        : ['检查 --data 后面的路径：要和启动设备时用的一样，而且设备运行过。'],
  }),
} satisfies Partial<Words['advice']>
