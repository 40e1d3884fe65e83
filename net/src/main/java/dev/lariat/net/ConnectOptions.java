package dev.lariat.net;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is made: the keyword arguments of {@code create_connection} and {@code
 * open_connection}.
 *
 * @param tls the encryption, or null for none
 * @param localAddress where to connect from, or null for anywhere
 * @param happyEyeballsDelay how long one address of a host is tried before the next one is tried as
 *     well (RFC 8305); null tries the next one only when one has failed
 * @param interleave how many addresses of the first family come before those of different families
 *     take turns; 0 keeps the resolver's order
 * @param allErrors whether a failure throws an ExceptionGroup of what became of each address
 * @param limit of streams: see {@link StreamReader}
 */
public record ConnectOptions(
    @Nullable Tls tls,
    @Nullable InetSocketAddress localAddress,
    @Nullable Duration happyEyeballsDelay,
    int interleave,
    boolean allErrors,
    int limit) {
  /** The defaults: an address every 250 ms, families taking turns, without TLS. */
  public static final ConnectOptions DEFAULT =
      new ConnectOptions(null, null, Duration.ofMillis(250), 1, false, StreamReader.DEFAULT_LIMIT);

  /** Checks the numbers. */
  public ConnectOptions {
    StreamReader.checkLimit(limit);
    if (localAddress != null) {
      Resolver.checkAddress(localAddress);
    }
    if (interleave < 0) {
      throw new IllegalArgumentException("interleave must not be negative: " + interleave);
    }
    if (happyEyeballsDelay != null && happyEyeballsDelay.isNegative()) {
      throw new IllegalArgumentException(
          "happyEyeballsDelay must not be negative: " + happyEyeballsDelay);
    }
  }

  /**
   * The defaults, encrypted.
   *
   * @param tls the encryption
   * @return the options
   */
  public static ConnectOptions tls(Tls tls) {
    return DEFAULT.withTls(tls);
  }

  /**
   * These options with another encryption.
   *
   * @param newTls the encryption, or null for none
   * @return the options
   */
  public ConnectOptions withTls(@Nullable Tls newTls) {
    return new ConnectOptions(
        newTls, localAddress, happyEyeballsDelay, interleave, allErrors, limit);
  }

  /**
   * These options with another local address.
   *
   * @param address where to connect from, or null for anywhere
   * @return the options
   */
  public ConnectOptions withLocalAddress(@Nullable InetSocketAddress address) {
    return new ConnectOptions(tls, address, happyEyeballsDelay, interleave, allErrors, limit);
  }

  /**
   * These options with another delay between addresses.
   *
   * @param delay the delay, or null for one address after the other
   * @return the options
   */
  public ConnectOptions withHappyEyeballsDelay(@Nullable Duration delay) {
    return new ConnectOptions(tls, localAddress, delay, interleave, allErrors, limit);
  }

  /**
   * These options with another order of address families.
   *
   * @param first how many of the first family come first; 0 keeps the resolver's order
   * @return the options
   */
  public ConnectOptions withInterleave(int first) {
    return new ConnectOptions(tls, localAddress, happyEyeballsDelay, first, allErrors, limit);
  }

  /**
   * These options with all errors or one.
   *
   * @param all whether a failure throws all errors
   * @return the options
   */
  public ConnectOptions withAllErrors(boolean all) {
    return new ConnectOptions(tls, localAddress, happyEyeballsDelay, interleave, all, limit);
  }

  /**
   * These options with another limit of the reader.
   *
   * @param newLimit in bytes
   * @return the options
   */
  public ConnectOptions withLimit(int newLimit) {
    return new ConnectOptions(
        tls, localAddress, happyEyeballsDelay, interleave, allErrors, newLimit);
  }
}
