package dev.lariat.net;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is encrypted: asyncio's arguments {@code ssl}, {@code server_hostname}, {@code
 * ssl_handshake_timeout} and {@code ssl_shutdown_timeout}. Immutable; <i>Thread</i>: any.
 *
 * <p>A client verifies the server's certificate and host name unless it is told otherwise.
 */
public final class Tls {
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);

  final SslContext context;
  final @Nullable String serverHostname;
  final boolean checksHostname;
  final List<String> alpn;
  final Duration handshakeTimeout;
  final Duration shutdownTimeout;

  private Tls(
      SslContext context,
      @Nullable String serverHostname,
      boolean checksHostname,
      List<String> alpn,
      Duration handshakeTimeout,
      Duration shutdownTimeout) {
    this.context = context;
    this.serverHostname = serverHostname;
    this.checksHostname = checksHostname;
    this.alpn = alpn;
    this.handshakeTimeout = handshakeTimeout;
    this.shutdownTimeout = shutdownTimeout;
  }

  private interface Building {
    SslContext build() throws SSLException;
  }

  /** Builds with the JDK's engine, also where another one is on the class path. */
  private static Tls build(Building building) {
    try {
      return of(building.build());
    } catch (SSLException error) {
      throw new IllegalStateException("TLS is not available: " + error.getMessage(), error);
    }
  }

  private static SslContext jdk(SSLContext context, boolean client) {
    return new JdkSslContext(
        Objects.requireNonNull(context, "context"),
        client,
        null,
        IdentityCipherSuiteFilter.INSTANCE,
        ApplicationProtocolConfig.DISABLED,
        ClientAuth.NONE,
        null,
        false);
  }

  // -- clients -----------------------------------------------------------------------------------

  /**
   * For a client that trusts the certificate authorities of the JVM. Models {@code ssl=True}.
   *
   * @return the settings
   */
  public static Tls client() {
    return build(() -> SslContextBuilder.forClient().sslProvider(SslProvider.JDK).build());
  }

  /**
   * For a client that trusts the certificate authorities in a file, and no other. Models {@code
   * ssl.create_default_context(cafile=...)}.
   *
   * @param certificates certificates in PEM form
   * @return the settings
   * @throws IOException if the file cannot be read or holds something else
   */
  public static Tls clientTrusting(Path certificates) throws IOException {
    try {
      return of(
          SslContextBuilder.forClient()
              .sslProvider(SslProvider.JDK)
              .trustManager(certificates.toFile())
              .build());
    } catch (IllegalArgumentException notCertificates) {
      throw unreadable(certificates + " holds no certificates in PEM form", notCertificates);
    }
  }

  /**
   * For a client with a context of the JDK: of its trust store, or with a certificate of its own.
   *
   * @param context the context
   * @return the settings
   */
  public static Tls client(SSLContext context) {
    return of(jdk(context, true));
  }

  /**
   * For a client that believes everybody: the connection is encrypted, but nobody knows to whom.
   * For tests. Models {@code ssl._create_unverified_context}.
   *
   * @return the settings
   */
  public static Tls unverifiedClient() {
    return build(() ->
            SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build())
        .withoutHostnameCheck();
  }

  // -- servers -----------------------------------------------------------------------------------

  /**
   * For a server. Models {@code ssl.SSLContext.load_cert_chain}.
   *
   * @param certificateChain its certificate first, in PEM form
   * @param privateKey its key, PKCS #8 in PEM form, without a password
   * @return the settings
   * @throws IOException if a file cannot be read or holds something else
   */
  public static Tls server(Path certificateChain, Path privateKey) throws IOException {
    try {
      return of(
          SslContextBuilder.forServer(certificateChain.toFile(), privateKey.toFile())
              .sslProvider(SslProvider.JDK)
              .build());
    } catch (IllegalArgumentException unfit) {
      throw unreadable(
          certificateChain + " and " + privateKey + " are no certificate and its key", unfit);
    }
  }

  private static IOException unreadable(String message, IllegalArgumentException error) {
    Throwable cause = error.getCause();
    return new IOException(
        message + (cause == null ? "" : ": " + cause.getMessage()), cause == null ? error : cause);
  }

  /**
   * For a server with a context of the JDK.
   *
   * @param context the context
   * @return the settings
   */
  public static Tls server(SSLContext context) {
    return of(jdk(context, false));
  }

  /**
   * With a context of Netty's: of BoringSSL, say, or for a server that asks for certificates.
   *
   * @param context for a client or for a server
   * @return the settings
   */
  public static Tls of(SslContext context) {
    return new Tls(
        Objects.requireNonNull(context, "context"),
        null,
        true,
        List.of(),
        HANDSHAKE_TIMEOUT,
        SHUTDOWN_TIMEOUT);
  }

  // -- more --------------------------------------------------------------------------------------

  /**
   * With the name that the server's certificate must be for; otherwise the host that was connected
   * to. Models {@code server_hostname}.
   *
   * @param hostname the name
   * @return these settings with it
   */
  public Tls withServerHostname(String hostname) {
    return new Tls(
        context,
        Objects.requireNonNull(hostname, "hostname"),
        checksHostname,
        alpn,
        handshakeTimeout,
        shutdownTimeout);
  }

  /**
   * With a certificate for any host name accepted, if it can be trusted. Models {@code
   * check_hostname = False}.
   *
   * @return these settings without the check
   */
  public Tls withoutHostnameCheck() {
    return new Tls(context, serverHostname, false, alpn, handshakeTimeout, shutdownTimeout);
  }

  /**
   * With protocols to choose from by ALPN, the best first. Models {@code set_alpn_protocols}; see
   * {@link ExtraInfo#ALPN_PROTOCOL}.
   *
   * @param protocols the names
   * @return these settings with them
   * @throws IllegalArgumentException if a name is empty, or longer than 255 bytes
   */
  public Tls withAlpn(String... protocols) {
    if (!(context instanceof JdkSslContext)) {
      throw new IllegalStateException(
          "The protocols of an OpenSSL context are set where it is built: use"
              + " SslContextBuilder.applicationProtocolConfig");
    }
    for (String protocol : protocols) {
      if (protocol.isEmpty() || protocol.length() > 255) {
        throw new IllegalArgumentException(
            "The name of a protocol has from 1 to 255 bytes: \"" + protocol + "\"");
      }
    }
    return new Tls(
        context,
        serverHostname,
        checksHostname,
        List.of(protocols),
        handshakeTimeout,
        shutdownTimeout);
  }

  /**
   * With a limit for the handshake; 60 seconds at first. Models {@code ssl_handshake_timeout}.
   *
   * @param timeout the limit
   * @return these settings with it
   * @throws IllegalArgumentException unless it is positive
   */
  public Tls withHandshakeTimeout(Duration timeout) {
    requirePositive("the handshake's timeout", timeout);
    return new Tls(context, serverHostname, checksHostname, alpn, timeout, shutdownTimeout);
  }

  /**
   * With a limit for how long closing waits for the peer to say goodbye, too; 30 seconds at first.
   * Models {@code ssl_shutdown_timeout}.
   *
   * @param timeout the limit
   * @return these settings with it
   * @throws IllegalArgumentException unless it is positive
   */
  public Tls withShutdownTimeout(Duration timeout) {
    requirePositive("the shutdown's timeout", timeout);
    return new Tls(context, serverHostname, checksHostname, alpn, handshakeTimeout, timeout);
  }

  private static void requirePositive(String what, Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(what + " should be positive, is " + timeout);
    }
  }
}
