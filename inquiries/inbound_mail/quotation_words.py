"""Words with which e-mail programs begin a quotation, in the languages that they are set to."""

import re
import unicodedata

FROM, DATE, TO, COPY, SUBJECT = "from", "date", "to", "copy", "subject"

# In lower case and without spaces.
HEADER_NAMES = {
    FROM: """
        from von de da van od från fra от отправитель від من از מאת kimden gönderen 发件人 發件人
        寄件者 寄件人 差出人 送信者 보낸사람 보낸이 từ dari pengirim จาก από feladó lähettäjä
        expéditeur remitente mittente dela प्रेषक daripada šalje nuo saatja
    """,
    DATE: """
        date sent senton gesendet gesendetam datum envoyé envoyéle fecha fechadeenvío enviado
        enviadoel enviada enviadaem enviadoem data dataeora inviato datainvio verzonden verzondenop
        wysłano skickat skickad sendt dato отправлено дата датаотправки надіслано
        تمالإرسال التاريخ تاريخالإرسال ارسالشده تاریخ נשלח נשלחב תאריך gönderildi gönderilmetarihi
        gönderimtarihi göndermetarihi tarih 发送时间 发送日期 日期 时间 发件时间 寄件日期 傳送日期
        傳送時間 發送時間 發送日期 送信日時 送信日 日時 日付 보낸날짜 보낸시간 보낸일시 날짜
        đãgửi gửi ngày terkirim dikirim tanggal ส่ง วันที่ στάλθηκε ημερομηνία elküldve küldve dátum
        odesláno odoslané lähetetty päivämäärä trimis दिनांक भेजागया dihantar изпратено poslano
        poslato išsiųsta nosūtīts saadetud enviat
    """,
    TO: """
        to an à a para aan do till til кому получатель إلى الى به אל kime alıcı 收件人 收件者 宛先
        받는사람 받는이 đến tới kepada ถึง προς címzett komu către vastaanottaja destinataire
        destinatario प्रति до prima kam adressaat
    """,
    COPY: """
        cc bcc kopie copie copia kopia kopi копия копія نسخة 抄送 抄送人 副本 참조 bilgi đồnggửi
        tembusan สำเนา másolat kopio
    """,
    SUBJECT: """
        subject betreff objet asunto assunto oggetto onderwerp temat ämne emne тема الموضوع موضوع
        נושא konu 主题 主旨 主題 标题 件名 제목 chủđề subjek perihal เรื่อง θέμα tárgy předmět
        predmet aihe subiect विषय относно tēma teema assumpte
    """,
}
HEADER_ROLES = {
    unicodedata.normalize("NFKC", name): role
    for role, names in HEADER_NAMES.items()
    for name in names.split()
}

# "wrote" as the last word before the colon, or before the date in brackets.
FINAL_VERBS = (
    "wrote", "writes", "a écrit", "escribió", "escreveu", "ha scritto", "написал", "написала",
    "пишет", "пише", "написав", "написала", "napisał", "napisała", "pisze", "yazdı", "نوشت", "كتب",
    "كتبت", "כתב", "כתבה", "写道", "寫道", "のメール", "書きました", "님이 작성", "작성하였습니다",
    "님이 씀", "đã viết", "menulis", "เขียนว่า", "napsal", "napsala", "napísal", "skrev",
    "kirjoitti", "írta", "a scris", "έγραψε", "ने लिखा", "schrieb", "schreef", "va escriure",
    "het volgende geschreven", "작성", "쓴 글",
)  # fmt: skip
# "wrote" before the name.
INNER_VERBS = ("schrieb", "schreef", "skrev", "написал", "كتب", "כתב")

FORWARD_WORDS = [
    "forwarded", "weitergeleitet", "transféré", "réexpédié", "reenviado", "encaminhad", "inoltrat",
    "пересылаем", "пересланн", "перенаправлен", "переслан", "转发", "轉寄", "轉發", "転送",
    "전달된", "iletilen", "yönlendirilen", "معاد توجيه", "المعاد توجيه", "محولة", "מועברת", "הועבר",
    "przekazan", "przesłan", "doorgestuurd", "vidarebefordra", "videresendt", "välitetty",
    "diteruskan", "chuyển tiếp", "ส่งต่อ", "továbbított", "přeposlan", "προωθημένο", "redirecționat",
]  # fmt: skip
FORWARD_PREFIXES = [
    "fwd", "fw", "wg", "tr", "rv", "i", "enc", "пересл", "переслано", "转发", "轉寄", "轉發", "转",
    "転送", "전달", "ilt", "ynt ilt", "doorst", "vb", "vs", "pd", "tov", "vl", "إعادة توجيه",
    "הועבר", "trs", "res enc",
]  # fmt: skip
REPLY_PREFIXES = [
    "re", "aw", "antw", "sv", "vs", "rv", "rif", "res", "r", "odp", "ynt", "yan", "回复", "答复",
    "回覆", "答覆", "返信", "回信", "답장", "회신", "отв", "ответ", "رد", "השב", "پاسخ", "bls",
    "balas", "trả lời", "ตอบ", "απ", "vá", "ad",
]  # fmt: skip


def subject_prefix(prefixes: list[str]) -> re.Pattern[str]:
    """A pattern for subjects that begin with one of `prefixes` and a colon, as in "RE[2]: x"."""
    words = "|".join(map(re.escape, prefixes))
    return re.compile(rf"\s*(?:{words})\s?(?:[\[(]\d{{1,3}}[\])])?\s?[:：]", re.IGNORECASE)
