/** The device and address that a request comes from. */
export interface ClientInfo {
  readonly ip: string;
  readonly userAgent: string;
}
