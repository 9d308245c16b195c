declare module '*.svg?raw' {
  const text: string
  export default text
}

declare module '*.css'
declare module 'window24:fonts.css'

declare module 'subset-font' {
  const subsetFont: (font: Buffer, text: string, options: { targetFormat: 'sfnt' }) => Promise<Buffer>
  export default subsetFont
}
