//! The words of links that lead through a list, in the languages of the web; small letters, without marks around them.

/// What comes next: alone, or with words from [`AROUND`].
pub(super) const NEXT: &str = "\
    next|forward|siguiente|siguientes|próximo|próxima|proximo|proxima|próximos|seguinte|seguintes|avançar|\
    següent|suivant|suivante|suivants|weiter|vor|vorwärts|nächste|nächster|nächstes|naechste|naechster|volgende|\
    verder|næste|neste|nästa|næsta|seuraava|seuraavat|successivo|successiva|successive|successivi|prossimo|\
    prossima|avanti|další|následující|ďalšie|ďalšia|ďalej|nasledujúca|następna|następne|następny|dalej|\
    következő|următoarea|următorul|următor|urmatoarea|înainte|следующая|следующие|следующий|след|далее|дальше|\
    вперёд|вперед|наступна|наступні|далі|следваща|напред|sljedeća|sljedeće|sledeća|naslednja|επόμενη|επόμενο|\
    επόμενα|sonraki|ileri|التالي|التالية|הבא|הבאה|بعدی|अगला|järgmine|selanjutnya|berikutnya";

/// Words for a page, and for what is on it.
pub(super) const PAGE: &str = "\
    page|pages|pag|pg|results|posts|entries|articles|stories|items|topics|set|página|pagina|pàgina|seite|seiten|\
    beiträge|einträge|sida|side|sidan|siden|sivu|strana|stránka|strona|oldal|страница|стр|сторінка|σελίδα|sayfa";

/// Words that may stand around others without changing what is meant.
pub(super) const AROUND: &str = "the|to|go|zur|zum|la|les|der|die|de|zu";

/// Words for what is no page but one entry of a list.
pub(super) const ENTRY: &str = "\
    article|post|story|thread|topic|entry|artikel|beitrag|artículo|entrada|artigo|billet|articolo|запись|статья";

/// What comes next, as a whole label: in writing without spaces a part of it may mean something else.
pub(super) const NEXT_WHOLE: &str = "\
    次|次へ|次のページ|次ページ|次のページへ|次を見る|つぎへ|下一页|下一頁|下页|下頁|下一篇页|后一页|後一頁|后页|다음|다음페이지|다음 페이지|다음 >|ถัดไป|หน้าถัดไป|\
    หน้าต่อไป|tiếp|tiếp theo|trang sau|trang tiếp";

/// More of the same, as a whole label. What goes with an article (`read more`) is not among them.
pub(super) const MORE: &str = "\
    more|see more|load more|show more|view more|more results|more posts|more articles|mehr|mehr laden|mehr anzeigen|\
    weitere|ver más|cargar más|mostrar más|más|plus|voir plus|afficher plus|charger plus|meer|toon meer|meer laden|\
    carica altri|mostra altro|ver mais|carregar mais|mais|больше|ещё|еще|показать ещё|показать еще|загрузить ещё|\
    więcej|pokaż więcej|もっと見る|さらに表示|加载更多|查看更多|더보기";

/// Beginnings of words for older entries.
pub(super) const OLDER: &str = "\
    older|earlier|ältere|aeltere|frühere|antigu|antigas|antigos|entradas anteriores|plus ancien|anciens|\
    anciennes|oudere|ældre|eldre|äldre|eldri|vanhem|più vecchi|meno recenti|starší|starsze|régebbi|korábbi|\
    mai vechi|стар|более ранние|раньше|παλαιότερ|eski|الأقدم";

/// The same in writing without spaces.
pub(super) const OLDER_PARTS: &str = "過去の|古い|较旧|较早|이전 글";

/// Beginnings of words for newer entries.
pub(super) const NEWER: &str = "\
    newer|more recent|neuere|más recientes|mas recientes|recentes|plus récent|récents|nieuwere|recentere|nyere|\
    nyare|nýrri|uudem|più recenti|più nuovi|novější|novšie|nowsze|újabb|mai noi|новые|более нов|новіші|νεότερ|\
    yeni|الأحدث|terbaru";

/// The same in writing without spaces.
pub(super) const NEWER_PARTS: &str = "新しい|较新|最近の|다음 글";

/// Beginnings of words for what is no next page: the one before, the ends, and the next of something else.
pub(super) const WRONG: &str = "\
    prev|first|anterior|précédent|precedent|zurück|vorige|vorherige|erste|letzte|forrige|föregående|edellinen|\
    předchozí|poprzedni|előző|предыдущ|назад|первая|последн|önceki|primera|primero|última|ultima|último|premier|\
    première|dernier|laatste|eerste|terug|ultimo|sista|första|viimeinen|ostatnia|poslední|article|story|thread|\
    topic|entry|photo|image|picture|slide|video|product|chapter|episode|month|event|question|artikel|beitrag|\
    artículo|entrada|artigo|billet|articolo|запись|статья|тема|monat|comment|kommentar|comentario|commentaire";

/// The same as whole words.
pub(super) const WRONG_WORDS: &str = "\
    back|last|end|all|top|post|year|week|day|jahr|mes|mois|step";

/// The same in writing without spaces.
pub(super) const WRONG_PARTS: &str = "\
    前|上一|最後|最初|首页|尾页|末页|이전|記事";
