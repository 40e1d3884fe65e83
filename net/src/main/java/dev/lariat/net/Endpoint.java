package dev.lariat.net;

/**
 * A transport and its protocol: the pair that asyncio's {@code create_connection} and its like
 * return.
 *
 * @param <T> the type of the transport
 * @param <P> the type of the protocol
 * @param transport the transport
 * @param protocol what the factory made
 */
public record Endpoint<T extends BaseTransport, P extends BaseProtocol>(T transport, P protocol) {}
