package dev.lariat.net;

/**
 * A stream in both directions. Models {@code asyncio.Transport}.
 *
 * <p><i>Thread</i>: the loop's.
 */
public interface Transport extends ReadTransport, WriteTransport {}
