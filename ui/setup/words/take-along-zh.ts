/** 做好的文件存到 U 盘，或者下载。 */
export const takeAlongZh = {
  save: (label: string) => `存到 U 盘“${label}”`,
  saved: (file: string) => `已写好 ${file}。现在可以拔 U 盘了。`,
  noStick: '插上 U 盘以后，这里会出现保存按钮。',
  download: '下载',
}

export type TakeAlongWords = typeof takeAlongZh
