package io.arrowmill.connector;

import java.nio.file.Path;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What a source may use while it is open.
 *
 * @param metadataDirectory a directory of the source's own inside the checkpoint, empty at the
 *     first start; it is there, and survives a crash of the machine. What the source keeps in it
 *     must be durable before {@link StreamSource#latestOffset} gives an offset that needs it.
 * @param allocator for buffers that the source keeps between batches
 */
public record SourceContext(Path metadataDirectory, BufferAllocator allocator) {}
