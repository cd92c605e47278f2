/** Where a request comes from, as the person would recognise it. */
export interface ClientInfo {
  readonly ip: string;
  readonly userAgent: string;
}
