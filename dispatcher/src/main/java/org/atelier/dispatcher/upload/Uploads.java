package org.atelier.dispatcher.upload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import org.atelier.common.api.UploadOffer;
import org.atelier.common.artifact.Artifact;
import org.atelier.common.artifact.Digest;
import org.atelier.common.json.Json;
import org.atelier.common.picture.PictureHeader;
import org.atelier.common.picture.PictureHeader.Format;
import org.atelier.common.store.BlobStore;
import org.atelier.common.store.NoSuchObjectException;
import org.atelier.common.store.ObjectStore;
import org.atelier.common.store.StoreKeys;
import org.atelier.common.store.StoredObject;
import org.atelier.dispatcher.access.Principal;
import org.atelier.dispatcher.upload.UploadException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes pictures in. What callers write into the store by themselves lies apart, where no request can name it, until it was
 * read, measured and looked at; only what was looked at becomes a blob.
 *
 * <p>An upload is documents in the store and nothing else: any dispatcher can complete what another one offered.
 */
public final class Uploads {
    /** Addresses that a tenant can have at once: what is written there is bounded by nobody before it is looked at. */
    public static final int MOST_OPEN = 100;
    private static final long MEBIBYTE = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    private final ObjectStore store;
    private final BlobStore blobs;
    private final UploadBook book;
    private final Function<String, Optional<Integer>> mebibytesADay;
    private final Duration validity;
    private final Clock clock;

    /**
     * @param mebibytesADay that a tenant may bring; empty: no limit
     * @param validity      how long an address can be written to
     */
    public Uploads(ObjectStore store, UploadBook book, Function<String, Optional<Integer>> mebibytesADay,
            Duration validity, Clock clock) {
        this.store = store;
        this.blobs = new BlobStore(store);
        this.book = book;
        this.mebibytesADay = mebibytesADay;
        this.validity = validity;
        this.clock = clock;
    }

    /**
     * Takes a picture that came through the dispatcher.
     *
     * @param announced what it was said to be
     * @throws UploadException if it is no such picture, or more than the tenant may bring
     */
    public Artifact take(Principal who, byte[] bytes, Format announced) {
        return take(UUID.randomUUID().toString(), who.tenant(), bytes, announced);
    }

    private Artifact take(String id, String tenant, byte[] bytes, Format announced) {
        var format = format(bytes);
        if (format != announced) {
            throw new UploadException(Reason.UNFIT, "The picture was said to be " + announced.mediaType() + ", but is "
                    + format.mediaType() + ".");
        }
        count(id, tenant, bytes.length);
        return blobs.put("image." + format.reader(), bytes, format.mediaType());
    }

    private static Format format(byte[] bytes) {
        try {
            return PictureHeader.read(bytes).format();
        } catch (IllegalArgumentException e) {
            throw new UploadException(Reason.UNFIT, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Offers an address that a picture can be written to, without passing through here.
     *
     * @param format of the picture
     * @param size   of the file in bytes
     * @param digest of the file; empty: it is not checked
     * @throws UploadException if the tenant has too many of them, or has brought what it may
     */
    public UploadOffer offer(Principal who, Format format, long size, Optional<Digest> digest) {
        var tenant = who.tenant();
        most(tenant).filter(most -> book.taken(tenant, today()) + size > most).ifPresent(most -> {
            throw tooMuch(tenant, most);
        });
        var ticket = new Ticket(UUID.randomUUID().toString(), format, size, digest.orElse(null), who.actor(), clock
                .instant().plus(validity));
        open(tenant, ticket);
        return new UploadOffer(ticket.id(), "PUT", store.presignPut(StoreKeys.upload(tenant, ticket.id()), validity),
                Map.of("Content-Type", format.mediaType()), ticket.expiresAt());
    }

    /** One at a time looks and adds, so that a tenant passes the limit by other dispatchers' doing at most. */
    private synchronized void open(String tenant, Ticket ticket) {
        if (open(tenant) >= MOST_OPEN) {
            throw new UploadException(Reason.TOO_MUCH, MOST_OPEN + " uploads of " + tenant
                    + " are open, which is as many as may be at once; complete some, or wait until they expire.");
        }
        store.put(StoreKeys.uploadTicket(tenant, ticket.id()), Json.bytes(ticket), Artifact.JSON);
    }

    /** How many are open; where they seem too many, those go first whose time is over. */
    private int open(String tenant) {
        var tickets = tickets(tenant);
        if (tickets.size() < MOST_OPEN) {
            return tickets.size();
        }
        for (var key : tickets) {
            store.get(key).map(bytes -> Json.read(bytes, Ticket.class)).filter(this::isOver).ifPresent(
                    ticket -> forget(tenant, ticket.id()));
        }
        return tickets(tenant).size();
    }

    private List<String> tickets(String tenant) {
        try (var objects = store.list(StoreKeys.uploadTickets(tenant))) {
            return objects.limit(MOST_OPEN).map(StoredObject::key).toList();
        }
    }

    private boolean isOver(Ticket ticket) {
        return !clock.instant().isBefore(ticket.expiresAt());
    }

    /**
     * Takes what was written to an address. May be said again: the answer is the same.
     *
     * @throws UploadException if there is no such upload, nothing was written, or what was written is not what was announced;
     *                         in the last case it can be written again
     */
    public Artifact complete(Principal who, String id) {
        var tenant = who.tenant();
        if (!isId(id)) {
            throw unknown(id);
        }
        var done = store.get(StoreKeys.uploadDone(tenant, id)).map(bytes -> Json.read(bytes, Artifact.class));
        if (done.isPresent()) {
            forget(tenant, id);
            return done.get();
        }
        var ticket = store.get(StoreKeys.uploadTicket(tenant, id)).map(bytes -> Json.read(bytes, Ticket.class))
                .orElseThrow(() -> unknown(id));
        var artifact = take(id, tenant, written(tenant, ticket), ticket.format());
        store.put(StoreKeys.uploadDone(tenant, id), Json.bytes(artifact), Artifact.JSON);
        forget(tenant, id);
        LOG.info("upload {} of {} is the blob {} now", id, tenant, artifact.digest());
        return artifact;
    }

    /** What was written, read once: what is written after that is of no importance to anybody. */
    private byte[] written(String tenant, Ticket ticket) {
        var key = StoreKeys.upload(tenant, ticket.id());
        var size = store.stat(key).map(StoredObject::size).orElseThrow(() -> notWritten(ticket));
        if (size != ticket.size()) {
            throw again(key, ticket, "has " + size + " bytes, but " + ticket.size() + " were announced");
        }
        byte[] bytes;
        try (var in = store.open(key)) {
            bytes = in.readNBytes(Math.toIntExact(ticket.size()));
        } catch (NoSuchObjectException e) {
            throw notWritten(ticket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (ticket.digest() != null && !ticket.digest().equals(Digest.of(bytes))) {
            throw again(key, ticket, "has the digest " + Digest.of(bytes) + ", but " + ticket.digest()
                    + " was announced");
        }
        return bytes;
    }

    private UploadException notWritten(Ticket ticket) {
        return new UploadException(Reason.NOT_WRITTEN, "Nothing was written to the address of the upload " + ticket.id()
                + (isOver(ticket)
                        ? ", and its time is over; ask for another."
                        : "; PUT the picture there until " + ticket.expiresAt() + ", then complete it."));
    }

    private UploadException again(String key, Ticket ticket, String what) {
        store.delete(key);
        return new UploadException(Reason.UNFIT, "What was written " + what + ". It was removed; " + (isOver(ticket)
                ? "ask for another upload."
                : "PUT the picture again until " + ticket.expiresAt() + "."));
    }

    private void forget(String tenant, String id) {
        store.delete(StoreKeys.upload(tenant, id));
        store.delete(StoreKeys.uploadTicket(tenant, id));
    }

    private static boolean isId(String text) {
        try {
            return UUID.fromString(text).toString().equals(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static UploadException unknown(String id) {
        return new UploadException(Reason.UNKNOWN, "There is no upload " + id
                + " of this tenant, or it expired; ask for another.");
    }

    private void count(String id, String tenant, long bytes) {
        var most = most(tenant);
        if (!book.take(id, tenant, today(), bytes, most.orElse(Long.MAX_VALUE))) {
            throw tooMuch(tenant, most.orElseThrow());
        }
    }

    private Optional<Long> most(String tenant) {
        return mebibytesADay.apply(tenant).map(mebibytes -> mebibytes * MEBIBYTE);
    }

    private UploadException tooMuch(String tenant, long most) {
        return new UploadException(Reason.TOO_MUCH, tenant + " may bring " + most / MEBIBYTE
                + " MiB of pictures a day, and this would be more; send it after midnight UTC, or ask the operator for more"
                + " (the term uploads in ATELIER_TENANTS).");
    }

    private long today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toEpochDay();
    }
}
