package dev.lariat.examples.http;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request (RFC 9112).
 *
 * @param method the method, in whatever case
 * @param target what was asked for, as it was written
 * @param path the path in it, decoded; begins with a slash
 * @param version {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param headers the values, by names in any case; those of one name joined by commas
 */
record Request(
    String method, String target, String path, String version, Map<String, String> headers) {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern LINE =
      Pattern.compile("(" + TOKEN + ") ([!-~\\x80-\\xff]+) (HTTP/\\d\\.\\d)");
  private static final Pattern HEADER =
      Pattern.compile("(" + TOKEN + "):[ \t]*([\t\\x20-\\x7e\\x80-\\xff]*?)[ \t]*");
  private static final Pattern ABSOLUTE = Pattern.compile("(?i)https?://[^/?]*");

  /**
   * Reads the head of a request.
   *
   * @param head all up to the empty line, a character for each byte
   */
  static Request parse(String head) throws HttpException {
    String[] lines = head.stripTrailing().split("\r?\n", -1);
    Matcher line = LINE.matcher(lines[0]);
    if (!line.matches()) {
      throw new HttpException(400, "The first line is no request.");
    }
    String version = line.group(3);
    if (!version.startsWith("HTTP/1.")) {
      throw new HttpException(505, "This server knows HTTP/1.1.");
    }
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 1; i < lines.length; i++) {
      Matcher header = HEADER.matcher(lines[i]);
      if (!header.matches()) {
        throw new HttpException(400, "Line " + (i + 1) + " is no header.");
      }
      headers.merge(header.group(1), header.group(2), (one, two) -> one + "," + two);
    }
    String host = headers.get("Host");
    if (!version.equals("HTTP/1.0") && (host == null || host.contains(","))) {
      throw new HttpException(400, "There must be one Host.");
    }
    String target = line.group(2);
    return new Request(line.group(1), target, path(target), version, headers);
  }

  private static String path(String target) throws HttpException {
    String path = ABSOLUTE.matcher(target).replaceFirst("").split("[?#]", 2)[0];
    if (path.isEmpty() && !target.startsWith("/")) {
      path = "/"; // http://host
    }
    if (!path.startsWith("/")) {
      throw new HttpException(400, "The target is no path.");
    }
    return decode(path);
  }

  private static String decode(String path) throws HttpException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      for (int i = 0; i < path.length(); i++) {
        if (path.charAt(i) == '%') {
          bytes.write(HexFormat.fromHexDigits(path, i + 1, i + 3));
          i += 2;
        } else {
          bytes.write(path.charAt(i));
        }
      }
      ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray());
      return StandardCharsets.UTF_8.newDecoder().decode(all).toString();
    } catch (IndexOutOfBoundsException | IllegalArgumentException | CharacterCodingException bad) {
      throw new HttpException(400, "The path is not encoded well.");
    }
  }

  @Nullable String header(String name) {
    return headers.get(name);
  }

  boolean isGet() {
    return method.equals("GET");
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  /**
   * Whether another request may follow on this connection. Not after a body, which this server does
   * not read: it would be taken for the next request.
   */
  boolean keepsAlive() {
    String connection = headers.getOrDefault("Connection", "");
    return version.equals("HTTP/1.1")
        && !connection.toLowerCase(Locale.ROOT).contains("close")
        && headers.getOrDefault("Content-Length", "0").equals("0")
        && !headers.containsKey("Transfer-Encoding");
  }
}
