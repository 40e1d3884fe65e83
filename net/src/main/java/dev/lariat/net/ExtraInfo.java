package dev.lariat.net;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import java.net.SocketAddress;
import java.nio.channels.SelectableChannel;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * What a transport can be asked for beside its methods: the names of {@code get_extra_info}.
 *
 * @param <T> the type of the value
 */
public final class ExtraInfo<T> {
  /** The peer's address: {@code "peername"}. */
  public static final ExtraInfo<SocketAddress> PEERNAME =
      new ExtraInfo<>("peername", SocketAddress.class);

  /** The own address: {@code "sockname"}. */
  public static final ExtraInfo<SocketAddress> SOCKNAME =
      new ExtraInfo<>("sockname", SocketAddress.class);

  /** Netty's channel: {@code "socket"}. It is the transport's; look, and set options. */
  public static final ExtraInfo<Channel> SOCKET = new ExtraInfo<>("socket", Channel.class);

  /** The end of a pipe: {@code "pipe"}. A named pipe's has no channel to give. */
  public static final ExtraInfo<SelectableChannel> PIPE =
      new ExtraInfo<>("pipe", SelectableChannel.class);

  /** Of a child's transport, the child: {@code "subprocess"}. It is the transport's; look at it. */
  public static final ExtraInfo<Process> SUBPROCESS = new ExtraInfo<>("subprocess", Process.class);

  /** With TLS, what the connection was made with: {@code "sslcontext"}. */
  public static final ExtraInfo<SslContext> SSLCONTEXT =
      new ExtraInfo<>("sslcontext", SslContext.class);

  /** With TLS, the engine: {@code "ssl_object"}. */
  public static final ExtraInfo<SSLEngine> SSL_OBJECT =
      new ExtraInfo<>("ssl_object", SSLEngine.class);

  /** With TLS, the peer's certificate, if it showed one: {@code "peercert"}. */
  public static final ExtraInfo<X509Certificate> PEERCERT =
      new ExtraInfo<>("peercert", X509Certificate.class);

  /** With TLS, the cipher suite: {@code "cipher"}. */
  public static final ExtraInfo<String> CIPHER = new ExtraInfo<>("cipher", String.class);

  /** With TLS, the protocol that ALPN chose: {@code selected_alpn_protocol()} of Python. */
  public static final ExtraInfo<String> ALPN_PROTOCOL =
      new ExtraInfo<>("alpn_protocol", String.class);

  private final String name;
  private final Class<T> type;

  private ExtraInfo(String name, Class<T> type) {
    this.name = name;
    this.type = type;
  }

  /**
   * A value as what it is: for those who write a transport.
   *
   * @param value the value, or null
   * @return the value, or null
   */
  public @Nullable T cast(@Nullable Object value) {
    return type.cast(value);
  }

  /** {@return the name it has in asyncio} */
  @Override
  public String toString() {
    return name;
  }
}
