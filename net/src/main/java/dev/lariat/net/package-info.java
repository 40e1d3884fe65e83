/**
 * asyncio's networking. {@link dev.lariat.net.Streams} for everyday use, {@link dev.lariat.net.Net}
 * for transports and protocols.
 */
@org.jspecify.annotations.NullMarked
package dev.lariat.net;
