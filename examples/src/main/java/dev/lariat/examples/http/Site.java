package dev.lariat.examples.http;

import dev.lariat.examples.http.Response.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files below a directory, as HTTP sees them (RFC 9110). All of this blocks, and is called in a
 * thread that may.
 */
final class Site {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("gif", "image/gif"),
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("ico", "image/vnd.microsoft.icon"),
          Map.entry("java", "text/plain; charset=utf-8"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("md", "text/plain; charset=utf-8"),
          Map.entry("mp3", "audio/mpeg"),
          Map.entry("mp4", "video/mp4"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("png", "image/png"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("wav", "audio/wav"),
          Map.entry("webm", "video/webm"),
          Map.entry("webp", "image/webp"),
          Map.entry("xml", "application/xml"));

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneId.systemDefault());

  private final Path root;

  /**
   * Makes a site.
   *
   * @param root what {@code /} is
   * @throws IOException if there is no such directory
   */
  Site(Path root) throws IOException {
    this.root = root.toRealPath();
  }

  Response get(Request request) {
    if (!request.isGet() && !request.isHead()) {
      return Response.error(405).with("Allow", "GET, HEAD");
    }
    String path = request.path();
    try {
      Path file = inside(root.resolve(path.substring(1)));
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      boolean asDirectory = path.endsWith("/");
      if (attributes.isDirectory()) {
        return asDirectory ? directory(request, file) : moved(path + "/");
      } else if (asDirectory
          || !attributes.isRegularFile()) { // such as a pipe, which may never end
        return Response.error(404);
      }
      return file(request, file, attributes);
    } catch (FileSystemException | InvalidPathException none) {
      return Response.error(404);
    } catch (IOException broken) {
      return Response.error(500);
    }
  }

  /** Neither {@code ..}, nor an absolute path, nor a symbolic link leads out of the root. */
  private Path inside(Path path) throws IOException {
    Path file = path.toRealPath();
    if (!file.startsWith(root)) {
      throw new NoSuchFileException(path.toString());
    }
    return file;
  }

  private static Response moved(String path) {
    return Response.error(301).with("Location", encode(path));
  }

  // -- a file ------------------------------------------------------------------------------------

  private static Response file(Request request, Path path, BasicFileAttributes attributes) {
    if (!Files.isReadable(path)) {
      return Response.error(403);
    }
    long size = attributes.size();
    Instant modified = attributes.lastModifiedTime().toInstant();
    String tag = "\"%x-%x\"".formatted(size, modified.toEpochMilli());
    if (isFresh(request, tag, modified)) {
      return described(Response.empty(304), tag, modified);
    }
    Part part =
        request.isGet() && mayBePartial(request, tag, modified) ? part(request, path, size) : null;
    if (part == null) {
      return described(bytes(200, new Part(path, 0, size)), tag, modified);
    }
    if (part.length() == 0) {
      return Response.error(416).with("Content-Range", "bytes */" + size);
    }
    long last = part.from() + part.length() - 1;
    return described(bytes(206, part), tag, modified)
        .with("Content-Range", "bytes %d-%d/%d".formatted(part.from(), last, size));
  }

  /** The range that is asked for, of no length if it lies outside; null if none is, or several. */
  private static @Nullable Part part(Request request, Path path, long size) {
    Matcher range = RANGE.matcher(Objects.requireNonNullElse(request.header("Range"), ""));
    if (!range.matches() || range.group().equals("bytes=-")) {
      return null;
    }
    if (range.group(1).isEmpty()) {
      long length = Math.min(size, Long.parseLong(range.group(2)));
      return new Part(path, size - length, length);
    }
    long from = Long.parseLong(range.group(1));
    long to = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
    return to < from ? null : new Part(path, from, Math.max(0, Math.min(to, size - 1) - from + 1));
  }

  private static Response bytes(int status, Part part) {
    String name = part.path().getFileName().toString();
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return Response.file(status, part)
        .with("Content-Type", TYPES.getOrDefault(extension, "application/octet-stream"))
        .with("Accept-Ranges", "bytes");
  }

  private static Response described(Response response, String tag, Instant modified) {
    return response.with("ETag", tag).with("Last-Modified", Response.date(modified));
  }

  /** Whether the client has this version already. The tag decides, if there is one. */
  private static boolean isFresh(Request request, String tag, Instant modified) {
    String tags = request.header("If-None-Match");
    if (tags != null) {
      return Stream.of(tags.split(","))
          .map(one -> one.strip().replaceFirst("^W/", ""))
          .anyMatch(one -> one.equals("*") || one.equals(tag));
    }
    Instant since = date(request.header("If-Modified-Since"));
    return since != null && !modified.truncatedTo(ChronoUnit.SECONDS).isAfter(since);
  }

  /** Whether the client has the rest of this version; else it wants all of it. */
  private static boolean mayBePartial(Request request, String tag, Instant modified) {
    String condition = request.header("If-Range");
    return condition == null
        || condition.equals(tag)
        || modified.truncatedTo(ChronoUnit.SECONDS).equals(date(condition));
  }

  private static @Nullable Instant date(@Nullable String text) {
    try {
      return text == null
          ? null
          : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException none) {
      return null;
    }
  }

  // -- a directory -------------------------------------------------------------------------------

  private record Entry(String name, BasicFileAttributes attributes) {
    String row() {
      return "<tr><td><a href=\"%s\">%s</a><td>%s<td>%s\n"
          .formatted(
              encode(name),
              escape(name),
              attributes.isDirectory() ? "" : "%,d".formatted(attributes.size()),
              TIME.format(attributes.lastModifiedTime().toInstant()));
    }
  }

  /** What is to be seen of a file in a directory; null if it would not be found. */
  private @Nullable Entry entry(Path path) {
    try {
      var attributes = Files.readAttributes(inside(path), BasicFileAttributes.class);
      String name = path.getFileName().toString();
      if (attributes.isDirectory()) {
        return new Entry(name + "/", attributes);
      }
      return attributes.isRegularFile() ? new Entry(name, attributes) : null;
    } catch (IOException gone) {
      return null; // or a link that leads nowhere, or outside
    }
  }

  private Response directory(Request request, Path directory) throws IOException {
    Path index = directory.resolve("index.html");
    if (Files.isRegularFile(index)) {
      return file(request, inside(index), Files.readAttributes(index, BasicFileAttributes.class));
    }
    List<Entry> entries;
    try (Stream<Path> paths = Files.list(directory)) {
      entries =
          paths
              .map(this::entry)
              .filter(Objects::nonNull)
              .sorted(
                  Comparator.comparing((Entry entry) -> !entry.attributes.isDirectory())
                      .thenComparing(Entry::name))
              .toList();
    } catch (AccessDeniedException secret) {
      return Response.error(403);
    }
    StringBuilder page = new StringBuilder();
    page.append(
        """
        <!DOCTYPE html>
        <meta charset="utf-8">
        <link rel="icon" href="data:,">
        <title>%1$s</title>
        <style>
          body { font-family: sans-serif; margin: 2em }
          td { padding: 0.2em 2em 0.2em 0 }
          td:nth-child(2) { text-align: right }
          td:nth-child(n+2) { color: gray }
        </style>
        <h1>%1$s</h1>
        <table>
        """
            .formatted(escape(request.path())));
    if (!directory.equals(root)) {
      page.append("<tr><td><a href=\"../\">../</a>\n");
    }
    entries.forEach(entry -> page.append(entry.row()));
    return Response.text(200, "text/html; charset=utf-8", page.append("</table>\n").toString());
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private static String encode(String path) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "/-._~".indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded.append("%%%02X".formatted(b));
      }
    }
    return encoded.toString();
  }
}
