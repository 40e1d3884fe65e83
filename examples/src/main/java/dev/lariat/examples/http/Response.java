package dev.lariat.examples.http;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer: its body is a text, or a part of a file.
 *
 * @param status the status
 * @param headers what is particular to it
 * @param text the body, unless that is a file
 * @param file the file, or null
 */
record Response(int status, Map<String, String> headers, String text, @Nullable Part file) {
  /**
   * A part of a file.
   *
   * @param path the file
   * @param from where it begins
   * @param length how long it is
   */
  record Part(Path path, long from, long length) {}

  private static final Map<Integer, String> REASONS =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(206, "Partial Content"),
          Map.entry(301, "Moved Permanently"),
          Map.entry(304, "Not Modified"),
          Map.entry(400, "Bad Request"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(408, "Request Timeout"),
          Map.entry(416, "Range Not Satisfiable"),
          Map.entry(431, "Request Header Fields Too Large"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(505, "HTTP Version Not Supported"));

  /** As {@link DateTimeFormatter#RFC_1123_DATE_TIME}, with two digits for each day. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

  static Response file(int status, Part part) {
    return new Response(status, new LinkedHashMap<>(), "", part);
  }

  static Response text(int status, String type, String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", type);
    return new Response(status, headers, text, null);
  }

  static Response empty(int status) {
    return new Response(status, new LinkedHashMap<>(), "", null);
  }

  static Response error(int status) {
    return error(status, "");
  }

  static Response error(int status, String why) {
    String text = status + " " + REASONS.get(status) + "\n" + (why.isEmpty() ? "" : why + "\n");
    return text(status, "text/plain; charset=utf-8", text);
  }

  Response with(String header, String value) {
    headers.put(header, value);
    return this;
  }

  static String date(Instant time) {
    return DATE.format(ZonedDateTime.ofInstant(time, ZoneOffset.UTC));
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  long length() {
    return file == null ? bytes().length : file.length();
  }

  /** The status line, and the headers with the empty line at their end. */
  String head(boolean keepAlive) {
    StringBuilder head = new StringBuilder();
    head.append("HTTP/1.1 ").append(status).append(' ').append(REASONS.get(status)).append("\r\n");
    head.append("Date: ").append(date(Instant.now())).append("\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (status != 304) { // whose length would be that of what is not sent
      head.append("Content-Length: ").append(length()).append("\r\n");
    }
    head.append("Connection: ").append(keepAlive ? "keep-alive" : "close").append("\r\n\r\n");
    return head.toString();
  }
}
